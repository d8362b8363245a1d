import { createApiKey } from '@autopilot/http';
import { createTestDatabase, freePort, startTestRedis, until } from '@autopilot/postgres/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrations } from '../src/migrations.ts';

const SERVER = fileURLToPath(new URL('../src/server.ts', import.meta.url));

/** The store as it runs: so many API processes on one database, asked in turn. */
export async function startStoreProcesses(count: number) {
	const database = await createTestDatabase(migrations);
	const redis = await startTestRedis();
	const folder = await mkdtemp(path.join(tmpdir(), 'store-processes-'));
	const { key } = await createApiKey(database.db, { name: 'test', scopes: ['*'] });
	const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
	const children = ports.map((port) => start(port, { databaseUrl: database.url, redis, folder }));
	const origins = ports.map((port) => `http://127.0.0.1:${port}`);
	await Promise.all(
		origins.map((origin) =>
			until(async () => (await fetch(`${origin}/readyz`)).ok, { timeoutMs: 120_000 }),
		),
	);
	let turn = 0;
	return {
		db: database.db,
		async call(method: string, url: string, payload?: object) {
			const answer = await fetch(`${origins[turn++ % count]}${url}`, {
				method,
				headers: {
					authorization: `Bearer ${key}`,
					...(payload === undefined ? {} : { 'content-type': 'application/json' }),
				},
				...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
			});
			const text = await answer.text();
			return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
		},
		async close() {
			await Promise.all(children.map(stop));
			await redis.stop();
			await database.drop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

function start(
	port: number,
	parts: { databaseUrl: string; redis: { url: string }; folder: string },
): ChildProcess {
	return spawn(process.execPath, [SERVER], {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: {
			PATH: process.env.PATH,
			PORT: String(port),
			PUBLIC_URL: `http://127.0.0.1:${port}`,
			DATABASE_URL: parts.databaseUrl,
			REDIS_URL: parts.redis.url,
			SIGNING_SECRET: 'test'.repeat(8),
			RATE_LIMIT_PER_MINUTE: '1000000',
			STORAGE_DIR: parts.folder,
			LOG_LEVEL: 'error',
		},
	});
}

async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exited = once(child, 'exit');
	child.kill('SIGTERM');
	await exited;
}
