import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { examineCache } from './cache/examine.ts';
import { readStackEnvironment, type StackEnvironment } from './config.ts';
import { DEFAULT_DATA_DIR, layoutOf, projectRoot, type Layout } from './layout.ts';
import { cacheFolder, isN8nInstalled, N8N_VERSION } from './n8n/install.ts';
import { stackStatus } from './operate.ts';
import { describeTaken, findPortHolder, isFree } from './ports.ts';
import { findProgram } from './programs.ts';
import { lastLines } from './supervised.ts';
import { codeOf } from './errors.ts';

export interface Finding {
	/** `bad` stops something from working, `warning` is worth knowing. */
	state: 'ok' | 'warning' | 'bad';
	subject: string;
	detail: string;
	remedy?: string;
}

/** Looks for everything that is missing or broken on this machine and in a data folder; changes nothing. */
export async function examine(
	options: { dataDir?: string; portBase?: number } = {},
): Promise<Finding[]> {
	const environment = readStackEnvironment();
	const layout = layoutOf({ dataDir: DEFAULT_DATA_DIR, ...options });
	const findings = await Promise.all([
		examineNode(),
		...PROGRAMS.map((program) => examineProgram(program, environment)),
		examineFonts(),
		examineN8n(environment),
		examineCache(cacheFolder(environment)),
		examineBuild(),
		examineMemory(),
		examineDisk(layout),
		examineFolder(layout),
		examineSecrets(layout),
		examineReplacements(environment),
		examinePayments(environment),
		examineStack(layout),
	]);
	return findings.flat();
}

interface Program {
	names: string[];
	/** The variable that names another one, or makes it unnecessary. */
	variable: string;
	packages: string;
	without: string;
}

const PROGRAMS: Program[] = [
	{
		names: ['redis-server'],
		variable: 'REDIS_URL',
		packages: 'apt-get install redis-server  ·  dnf install redis  ·  brew install redis',
		without: 'nothing starts',
	},
	{
		names: ['ffmpeg'],
		variable: 'FFMPEG_PATH',
		packages: 'apt-get install ffmpeg  ·  dnf install ffmpeg  ·  brew install ffmpeg',
		without: 'no video is rendered',
	},
	{
		names: ['ffprobe'],
		variable: 'FFPROBE_PATH',
		packages: 'apt-get install ffmpeg  ·  dnf install ffmpeg  ·  brew install ffmpeg',
		without: 'no video passes its checks',
	},
	{
		names: ['espeak-ng'],
		variable: 'ESPEAK_PATH',
		packages: 'apt-get install espeak-ng  ·  dnf install espeak-ng  ·  brew install espeak-ng',
		without: 'videos have no voice',
	},
	{
		names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
		variable: 'CHROMIUM_PATH',
		packages:
			'apt-get install chromium-headless-shell  ·  dnf install chromium-headless  ·  brew install --cask chromium',
		without: 'pages that need JavaScript cannot be read',
	},
];

function examineNode(): Finding {
	const major = Number(process.versions.node.split('.')[0]);
	const detail = `${process.version} at ${process.execPath}`;
	if (major >= 24) return { state: 'ok', subject: 'Node', detail };
	return { state: 'bad', subject: 'Node', detail, remedy: './autopilot brings Node 24 by itself' };
}

function examineProgram(program: Program, environment: StackEnvironment): Finding {
	const subject = program.names[0] ?? '';
	const given = environment.all[program.variable];
	if (given !== undefined && given !== '') {
		const broken = given.startsWith('/') && !existsSync(given);
		const detail = `${program.variable}=${given.replace(/\/\/[^@]*@/, '//***@')}`;
		if (!broken) return { state: 'ok', subject, detail };
		return { state: 'bad', subject, detail: `${detail} is not there`, remedy: program.packages };
	}
	const searchPath = environment.inherited['PATH'] ?? '';
	const found = findProgram(program.names, searchPath);
	if (found !== undefined) return { state: 'ok', subject, detail: found };
	const detail = `not installed: ${program.without}`;
	return { state: 'bad', subject, detail, remedy: program.packages };
}

async function examineFonts(): Promise<Finding> {
	const subject = 'fonts';
	const list = await promisify(execFile)('fc-list', [':', 'family']).catch(() => undefined);
	if (list === undefined) {
		return {
			state: 'warning',
			subject,
			detail: 'fc-list is not here to tell',
			remedy: 'apt-get install fontconfig',
		};
	}
	const missing = ['Inter', 'DejaVu Sans'].filter((family) => !list.stdout.includes(family));
	if (missing.length === 0) return { state: 'ok', subject, detail: 'Inter, DejaVu Sans' };
	return {
		...{
			state: 'warning',
			subject,
			detail: `${missing.join(', ')} missing: captions look different`,
		},
		remedy: 'apt-get install fonts-inter fonts-dejavu-core',
	};
}

function examineN8n(environment: StackEnvironment): Finding {
	const subject = 'n8n';
	const cache = cacheFolder(environment);
	if (environment.settings.N8N_URL !== undefined) {
		return { state: 'ok', subject, detail: `yours at ${environment.settings.N8N_URL}` };
	}
	if (isN8nInstalled(cache)) return { state: 'ok', subject, detail: `${N8N_VERSION} in ${cache}` };
	return {
		...{ state: 'warning', subject, detail: `${N8N_VERSION} is not installed yet` },
		remedy: 'the next `./autopilot up` does it (2.7 GB, some 5 minutes)',
	};
}

function examineBuild(): Finding {
	const subject = 'node package';
	if (existsSync(path.join(projectRoot, 'dist', 'nodes'))) {
		return { state: 'ok', subject, detail: 'compiled in dist/' };
	}
	return {
		...{ state: 'warning', subject, detail: 'not compiled yet' },
		remedy: 'the next `./autopilot up` does it, or npm run build',
	};
}

function examinePayments({ settings }: StackEnvironment): Finding {
	const subject = 'payments';
	const key = settings.STRIPE_SECRET_KEY;
	if (key === undefined) return { state: 'ok', subject, detail: 'sandbox: no money moves' };
	const live = /^[sr]k_live_/.test(key);
	if (live || /^[sr]k_test_/.test(key)) {
		return { state: 'ok', subject, detail: `your Stripe account, ${live ? 'live' : 'test mode'}` };
	}
	return {
		...{ state: 'bad', subject, detail: 'STRIPE_SECRET_KEY is not a secret key of Stripe' },
		remedy: 'it begins with sk_live_ or sk_test_; without it the built-in sandbox is used',
	};
}

const NEEDED_MEMORY_BYTES = 2.5e9;

function examineMemory(): Finding {
	const total = os.totalmem();
	const detail = `${(total / 1e9).toFixed(1)} GB, ${os.availableParallelism()} cores`;
	if (total >= NEEDED_MEMORY_BYTES) return { state: 'ok', subject: 'memory', detail };
	return {
		...{ state: 'warning', subject: 'memory', detail: `${detail}; the whole stack takes 2.5 GB` },
		remedy: 'leave parts out with --only, or put n8n elsewhere with N8N_URL',
	};
}

const NEEDED_DISK_BYTES = 1e9;

function examineDisk(layout: Layout): Finding {
	const folder = existsSync(layout.dataDir) ? layout.dataDir : path.dirname(layout.dataDir);
	const { bavail, bsize } = statfsSync(folder);
	const free = bavail * bsize;
	const detail = `${(free / 1e9).toFixed(1)} GB free for ${layout.dataDir}`;
	if (free >= NEEDED_DISK_BYTES) return { state: 'ok', subject: 'disk', detail };
	return {
		...{ state: 'bad', subject: 'disk', detail },
		remedy: 'make room, or choose another folder with --data DIR',
	};
}

function examineFolder(layout: Layout): Finding {
	const subject = 'data folder';
	const folder = existsSync(layout.dataDir) ? layout.dataDir : path.dirname(layout.dataDir);
	try {
		accessSync(folder, constants.W_OK | constants.X_OK);
		return { state: 'ok', subject, detail: layout.dataDir };
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		const detail = `${folder} cannot be written`;
		return { state: 'bad', subject, detail, remedy: 'choose another folder with --data DIR' };
	}
}

function examineSecrets(layout: Layout): Finding[] {
	const mode = statSync(layout.secretsFile, { throwIfNoEntry: false })?.mode;
	if (mode === undefined) return [];
	const subject = 'secrets';
	if ((mode & 0o077) === 0) return [{ state: 'ok', subject, detail: layout.secretsFile }];
	return [
		{
			...{ state: 'bad', subject, detail: `${layout.secretsFile} can be read by others` },
			remedy: `chmod 600 ${layout.secretsFile}`,
		},
	];
}

async function examineReplacements({ settings }: StackEnvironment): Promise<Finding[]> {
	const given = Object.entries(settings).filter(([name]) => name.endsWith('_URL'));
	return await Promise.all(
		given.flatMap(([name, value]) => (value === undefined ? [] : [examineAddress(name, value)])),
	);
}

async function examineAddress(subject: string, url: string): Promise<Finding> {
	const { hostname, port, protocol } = new URL(url);
	const usual: Record<string, number> = {
		...{ 'postgres:': 5432, 'postgresql:': 5432, 'redis:': 6379, 'rediss:': 6379 },
		...{ 'smtp:': 587, 'smtps:': 465, 'http:': 80, 'https:': 443 },
	};
	const target = { host: hostname, port: port === '' ? (usual[protocol] ?? 443) : Number(port) };
	const detail = `${target.host}:${target.port}`;
	const problem = await new Promise<string | undefined>((resolve) => {
		const socket = connect({ ...target, timeout: 3000 });
		const end = (result?: string) => {
			socket.destroy();
			resolve(result);
		};
		socket.once('connect', () => end());
		socket.once('timeout', () => end('no answer in 3 s'));
		socket.once('error', (error) => end(error.message));
	});
	if (problem === undefined) return { state: 'ok', subject, detail: `${detail} answers` };
	return {
		...{ state: 'bad', subject, detail: `${detail}: ${problem}` },
		remedy: `correct ${subject}, or remove it for the built-in part`,
	};
}

async function examineStack(layout: Layout): Promise<Finding[]> {
	const status = await stackStatus(layout.dataDir);
	if (status.state === 'stopped') return await examinePorts(layout);
	if (status.state === 'orphaned') {
		return [
			{
				...{
					state: 'bad',
					subject: 'stack',
					detail: 'its command line was killed; nobody restarts components',
				},
				remedy: './autopilot up ends them and starts anew, ./autopilot down only ends them',
			},
		];
	}
	const bad = status.components.filter(({ state }) => state !== 'ready');
	const running: Finding = {
		...{ state: 'ok', subject: 'stack' },
		detail: `${status.state}, ${status.components.length - bad.length} of ${status.components.length} components ready`,
	};
	const findings = await Promise.all(
		bad.map(async ({ name, state }): Promise<Finding> => {
			const log = path.join(layout.logs, `${name}.log`);
			const detail = `${state}; its log ends with\n${await lastLines(log, 3)}`;
			return { state: 'bad', subject: name, detail, remedy: `./autopilot logs ${name}` };
		}),
	);
	return [running, ...findings];
}

async function examinePorts(layout: Layout): Promise<Finding[]> {
	const needs = Object.entries(layout.ports).map(([purpose, port]) => ({ port, purpose }));
	const taken = await Promise.all(
		needs.map(async (need): Promise<Finding[]> => {
			if (await isFree(need.port)) return [];
			const detail = describeTaken(need, await findPortHolder(need.port));
			const remedy = 'stop that process, or use other ports: --port-base 5000';
			return [{ state: 'bad', subject: `port ${need.port}`, detail, remedy }];
		}),
	);
	const found = taken.flat();
	if (found.length > 0) return found;
	return [{ state: 'ok', subject: 'ports', detail: `all free from ${layout.portBase}` }];
}
