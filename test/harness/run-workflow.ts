import { execFile, fork } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { EngineCall, EngineCalls, RunOptions, RunResult } from './engine-protocol.ts';
import { n8nModules } from './n8n-core.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const ENGINE = fileURLToPath(new URL('engine.ts', import.meta.url));

/** n8n's workflow engine in a process of its own, with our nodes as they are in the sources now. */
export interface Engine {
	call<Call extends EngineCall>(
		call: Call,
		options: EngineCalls[Call]['options'],
	): Promise<EngineCalls[Call]['result']>;
	/** Ends the process and removes its files. */
	stop(): Promise<void>;
}

/** Compiles the node package into a folder of its own, shaped as it is when installed in n8n. */
async function compilePackage(folder: string): Promise<string> {
	const target = join(folder, 'node_modules', 'n8n-nodes-autopilot');
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
	return target;
}

/** Starts an engine; takes about five seconds, so start one per test file. */
export async function startEngine(): Promise<Engine> {
	const folder = await mkdtemp(join(tmpdir(), 'autopilot-engine-'));
	const packageFolder = await compilePackage(folder);
	const child = fork(ENGINE, [packageFolder], {
		env: { ...process.env, N8N_USER_FOLDER: folder, N8N_ENCRYPTION_KEY: 'test', NODE_ENV: 'test' },
		execArgv: [],
	});
	const ready = Promise.withResolvers<void>();
	const open = new Map<number, PromiseWithResolvers<unknown>>();
	child.on(
		'message',
		(message: { ready?: true; id?: number; result?: unknown; error?: string }) => {
			if (message.ready) return ready.resolve();
			const call = open.get(message.id ?? -1);
			if (message.error === undefined) call?.resolve(message.result);
			else call?.reject(new Error(message.error));
		},
	);
	child.on('exit', (code) => {
		const gone = new Error(`The engine has ended with code ${code}`);
		ready.reject(gone);
		for (const call of open.values()) call.reject(gone);
	});
	await ready.promise;
	return {
		async call(call, options) {
			const id = open.size;
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

/** Runs one workflow from its trigger to its end, waits by resume URL included. */
export async function runWorkflow(engine: Engine, options: RunOptions): Promise<RunResult> {
	return await engine.call('run', options);
}
