import { execFile, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { noteUse, tidyCache } from '@autopilot/stack/cache';
import { n8nModules } from './engine/n8n-core.ts';
import type { EngineCall, EngineCalls, RunOptions, RunResult } from './engine/protocol.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const ENGINE = fileURLToPath(new URL('engine/main.ts', import.meta.url));
const NAME = 'n8n-nodes-autopilot';

/** n8n's workflow engine in a process of its own, with our nodes as they are in the sources now. */
export interface Engine {
	call<Call extends EngineCall>(
		call: Call,
		options: EngineCalls[Call]['options'],
	): Promise<EngineCalls[Call]['result']>;
	/** Ends the process and removes its files. */
	stop(): Promise<void>;
}

/** Our node package, compiled and shaped as it is when installed in n8n. Kept for as long as its sources stay the same. */
async function compiledPackage(): Promise<string> {
	const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'autopilot');
	const folder = join(cache, `node-package-${fingerprint()}`);
	const compiled = join(folder, 'node_modules', NAME);
	const n8n = dirname(n8nModules());
	if (dirname(n8n) === cache) await noteUse(n8n);
	if ((await noteUse(folder)) && existsSync(compiled)) return compiled;
	await mkdir(cache, { recursive: true });
	const draft = await mkdtemp(join(cache, 'node-package-draft-'));
	try {
		await compile(draft);
		// Whole or not at all; another process may have been faster with the same.
		await rename(draft, folder).catch((error: unknown) => {
			if (!existsSync(compiled)) throw error;
		});
		// Every change of a node leaves a package behind.
		await tidyCache(cache);
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
	return compiled;
}

function fingerprint(): string {
	const files = globSync(['nodes/**/*', 'credentials/**/*', 'icons/**/*'], {
		cwd: PROJECT,
		withFileTypes: true,
	})
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
	const hash = createHash('sha256').update(n8nModules());
	for (const file of [
		...files,
		join(PROJECT, 'package.json'),
		join(PROJECT, 'tsconfig.nodes.json'),
	].sort()) {
		hash.update(file).update('\0').update(readFileSync(file)).update('\0');
	}
	return hash.digest('hex').slice(0, 16);
}

async function compile(folder: string): Promise<void> {
	const target = join(folder, 'node_modules', NAME);
	await mkdir(target, { recursive: true });
	const tsc = join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc');
	const config = join(PROJECT, 'tsconfig.nodes.json');
	const once = ['--composite', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null'];
	await promisify(execFile)(
		process.execPath,
		[tsc, '-p', config, '--outDir', join(target, 'dist'), '--rootDir', PROJECT, ...once],
		{ cwd: PROJECT },
	);
	await cp(join(PROJECT, 'icons'), join(target, 'dist', 'icons'), { recursive: true });
	await cp(join(PROJECT, 'package.json'), join(target, 'package.json'));
	// n8n gives its own copy of the peer dependency
	await symlink(join(n8nModules(), 'n8n-workflow'), join(folder, 'node_modules', 'n8n-workflow'));
}

/** Starts an engine: three seconds, five more when our nodes have to be compiled. One does for many runs. */
export async function startEngine(): Promise<Engine> {
	const folder = await mkdtemp(join(tmpdir(), 'autopilot-engine-'));
	const packageFolder = await compiledPackage();
	const child = fork(ENGINE, [packageFolder], {
		env: { ...process.env, N8N_USER_FOLDER: folder, N8N_ENCRYPTION_KEY: 'test', NODE_ENV: 'test' },
		execArgv: [],
		// n8n writes every failure of a node to the console, also those that a test expects.
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
	});
	let said = '';
	child.stderr?.on(
		'data',
		(chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4000)),
	);
	const ready = Promise.withResolvers<void>();
	const open = new Map<number, PromiseWithResolvers<unknown>>();
	let count = 0;
	child.on(
		'message',
		(message: { ready?: true; id?: number; result?: unknown; error?: string }) => {
			if (message.ready) return ready.resolve();
			const id = message.id ?? -1;
			const call = open.get(id);
			open.delete(id);
			if (message.error === undefined) call?.resolve(message.result);
			else call?.reject(new Error(message.error));
		},
	);
	child.on('exit', (code) => {
		const gone = new Error(`The engine has ended with code ${code}. ${said}`);
		ready.reject(gone);
		for (const call of open.values()) call.reject(gone);
	});
	await ready.promise;
	return {
		async call(call, options) {
			count += 1;
			const id = count;
			const answer = Promise.withResolvers<unknown>();
			open.set(id, answer);
			child.send({ id, call, options });
			return (await answer.promise) as EngineCalls[typeof call]['result'];
		},
		async stop() {
			if (child.connected) {
				child.removeAllListeners('exit');
				const gone = new Promise((resolve) => child.once('exit', resolve));
				child.disconnect();
				await gone;
			}
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** Runs one workflow from its trigger to its end, waits included. */
export async function runWorkflow(engine: Engine, options: RunOptions): Promise<RunResult> {
	return await engine.call('run', options);
}
