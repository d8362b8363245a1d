import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Report, Tools } from '../component.ts';
import type { StackEnvironment } from '../config.ts';
import { StackError } from '../errors.ts';
import { takeLock } from '../lock.ts';
import { MARKER } from '../process-identity.ts';

/** The newest n8n whose whole dependency tree can be installed; 2.41.3 pins packages that are not to be had. */
export const N8N_VERSION = '2.41.1';

/** Versions that n8n's own ranges would pick are broken or missing; these are known to work together. */
const OVERRIDES = {
	linkedom: '0.18.13',
	'@langchain/core': '1.2.8',
	'@langchain/langgraph-checkpoint': '1.1.5',
	'@langchain/protocol': '0.0.19',
};

/** Folders directly in node_modules of a finished installation, to tell how far one is. */
const EXPECTED_FOLDERS = 1117;

/** Where this machine keeps what is downloaded once: `$XDG_CACHE_HOME/autopilot`, by default ~/.cache/autopilot. */
export function cacheFolder(environment: StackEnvironment): string {
	const { XDG_CACHE_HOME, HOME } = environment.settings;
	return path.join(XDG_CACHE_HOME ?? path.join(HOME ?? os.homedir(), '.cache'), 'autopilot');
}

export function n8nFolder(cache: string): string {
	return path.join(cache, `n8n-${N8N_VERSION}`);
}

export function isN8nInstalled(cache: string): boolean {
	return existsSync(n8nProgram(cache));
}

export function n8nProgram(cache: string): string {
	return path.join(n8nFolder(cache), 'node_modules', 'n8n', 'bin', 'n8n');
}

/**
 * Installs n8n into the cache folder unless it is there: in a draft folder first that is renamed when it is whole, so
 * an installation that exists is a finished one. Two stacks at once: the second waits for the first.
 * @throws StackError with the end of npm's output
 */
export async function ensureN8n(tools: Tools, report: Report): Promise<string> {
	const cache = cacheFolder(tools.environment);
	const target = n8nFolder(cache);
	mkdirSync(cache, { recursive: true });
	const lock = `${target}.lock`;
	while (!isN8nInstalled(cache)) {
		const release = takeLock(lock);
		if (typeof release !== 'function') {
			report(`another process installs n8n ${N8N_VERSION}: waits for it`);
			await delay(1000, undefined, { signal: tools.signal });
			continue;
		}
		try {
			await install(target, tools, report);
		} finally {
			release();
		}
	}
	return n8nProgram(cache);
}

async function install(target: string, tools: Tools, report: Report): Promise<void> {
	const draft = `${target}.draft`;
	rmSync(draft, { recursive: true, force: true });
	mkdirSync(draft, { recursive: true });
	writeFileSync(
		path.join(draft, 'package.json'),
		JSON.stringify({
			name: 'autopilot-n8n',
			private: true,
			dependencies: { n8n: N8N_VERSION },
			overrides: OVERRIDES,
		}),
	);
	const startedAt = Date.now();
	const timer = setInterval(() => {
		report(describeProgress(path.join(draft, 'node_modules'), Date.now() - startedAt));
	}, 2000);
	report(`installs n8n ${N8N_VERSION} (2.7 GB, once; some 5 minutes)`);
	try {
		await npmInstall(draft, tools);
	} finally {
		clearInterval(timer);
	}
	rmSync(target, { recursive: true, force: true });
	renameSync(draft, target);
}

function describeProgress(modules: string, elapsedMs: number): string {
	const count = existsSync(modules) ? readdirSync(modules).length : 0;
	const percent = Math.min(99, Math.floor((count / EXPECTED_FOLDERS) * 100));
	const stage = count === 0 ? 'resolves packages' : `${percent} % of its folders`;
	return `installs n8n ${N8N_VERSION}: ${stage}, ${Math.round(elapsedMs / 1000)} s`;
}

function npmInstall(folder: string, tools: Tools): Promise<void> {
	return new Promise((resolve, reject) => {
		// --ignore-scripts: a Kafka client would fetch C sources; isolated-vm brings its binary along.
		const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
		const npm = spawn('npm', args, {
			cwd: folder,
			env: environmentForNpm(tools),
			signal: tools.signal,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let output = '';
		const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000));
		npm.stdout.on('data', keep);
		npm.stderr.on('data', keep);
		const fail = (why: string, cause?: unknown) =>
			reject(
				new StackError('install-failed', `npm could not install n8n ${N8N_VERSION}: ${why}`, {
					advice:
						'Is the npm registry reachable (npm ping), and is there 4 GB of room in the cache folder?',
					cause,
				}),
			);
		npm.once('error', (error) => fail(error.message, error));
		npm.once('exit', (code) =>
			code === 0 ? resolve() : fail(`code ${code ?? 'none'}\n${output}`),
		);
	});
}

/** npm's own scripts find Node by PATH, and the system's may be too old. */
export function environmentForNpm(tools: Tools): Record<string, string> {
	const found = tools.environment.inherited['PATH'] ?? '/usr/bin:/bin';
	const PATH = `${path.dirname(process.execPath)}${path.delimiter}${found}`;
	return { ...tools.environment.inherited, [MARKER]: tools.dataDir, PATH };
}
