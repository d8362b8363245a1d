import { spawn } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statfsSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { noteUse, tidyCache } from '../cache/index.ts';
import type { Report, Tools } from '../component.ts';
import type { StackEnvironment } from '../config.ts';
import { StackError } from '../errors.ts';
import { projectRoot } from '../layout.ts';
import { takeLock } from '../lock.ts';
import { MARKER } from '../process-identity.ts';

/** What is installed, locked: with the lock file npm need not resolve 2,232 packages first, which takes as long as fetching them. */
const SOURCE = path.join(projectRoot, 'packages', 'stack', 'n8n');

export const N8N_VERSION = z
	.object({ dependencies: z.object({ n8n: z.string() }) })
	.parse(JSON.parse(readFileSync(path.join(SOURCE, 'package.json'), 'utf8'))).dependencies.n8n;

/** What it takes on the disk, to tell how far an installation is. */
const SIZE_BYTES = 2.7e9;

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
 * an installation that exists is a finished one. Two stacks at once: the second waits for the first. What of the cache
 * nobody has used for long goes.
 * @throws StackError with the end of npm's output
 */
export async function ensureN8n(tools: Tools, report: Report): Promise<string> {
	const cache = cacheFolder(tools.environment);
	const target = n8nFolder(cache);
	mkdirSync(cache, { recursive: true });
	const lock = `${target}.lock`;
	// Noted first: what is used is not tidied away by a stack that starts beside this one.
	while (!((await noteUse(target)) && isN8nInstalled(cache))) {
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
	for (const name of await tidyCache(cache)) report(`removed ${name}, long unused, from the cache`);
	return n8nProgram(cache);
}

async function install(target: string, tools: Tools, report: Report): Promise<void> {
	const draft = `${target}.draft`;
	rmSync(draft, { recursive: true, force: true });
	mkdirSync(draft, { recursive: true });
	for (const file of ['package.json', 'package-lock.json']) {
		cpSync(path.join(SOURCE, file), path.join(draft, file));
	}
	const startedAt = Date.now();
	const freeBefore = freeBytes(draft);
	const timer = setInterval(() => {
		report(describeProgress(freeBefore - freeBytes(draft), Date.now() - startedAt));
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

/** By the room that is gone: npm itself says nothing, and counting 200,000 files would slow it down. */
function describeProgress(writtenBytes: number, elapsedMs: number): string {
	const percent = Math.max(0, Math.min(99, Math.floor((writtenBytes / SIZE_BYTES) * 100)));
	return `installs n8n ${N8N_VERSION}, once: ${percent} % of 2.7 GB, ${Math.round(elapsedMs / 1000)} s`;
}

function freeBytes(folder: string): number {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize;
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
