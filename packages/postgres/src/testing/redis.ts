import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './port.ts';
import { until } from './until.ts';

export interface TestRedis {
	url: string;
	/** Kills the server and starts it again on the same port and data, as an operator's restart would. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/** A redis-server of its own for one test file (it starts in about 20 ms), so that FLUSHALL harms nobody else. */
export async function startTestRedis(): Promise<TestRedis> {
	const port = await freePort();
	const directory = await mkdtemp(path.join(tmpdir(), 'autopilot-redis-'));
	let child = await launch(port, directory);
	return {
		url: `redis://127.0.0.1:${port}`,
		async restart() {
			await kill(child);
			child = await launch(port, directory);
		},
		async stop() {
			await kill(child);
			await rm(directory, { recursive: true, force: true });
		},
	};
}

async function launch(port: number, directory: string) {
	const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
	const child = spawn('redis-server', [...flags, '--appendonly', 'yes', '--save', ''], {
		stdio: 'ignore',
	});
	let failure: Error | undefined;
	child.on('error', (error) => {
		failure = error;
	});
	await until(
		() => {
			if (failure !== undefined) throw failure;
			return accepts(port);
		},
		{ what: 'redis-server' },
	);
	return child;
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		let answer = '';
		socket.on('connect', () => socket.write('PING\r\n'));
		socket.on('data', (chunk) => {
			answer += chunk.toString();
			socket.destroy();
		});
		socket.on('error', () => resolve(false));
		socket.on('close', () => resolve(answer.startsWith('+PONG')));
	});
}

function kill(child: Awaited<ReturnType<typeof launch>>): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
	return new Promise((resolve) => {
		child.once('exit', () => resolve());
		child.kill('SIGKILL');
	});
}
