import { createApiKey } from '@autopilot/http';
import { createTestDatabase, startTestRedis, until } from '@autopilot/postgres/testing';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { migrations } from '../src/migrations.ts';

const SERVER = fileURLToPath(new URL('../src/server.ts', import.meta.url));

/** The store as it runs: so many API processes on one database, asked in turn. */
export async function startStoreProcesses(count: number) {
	const database = await createTestDatabase(migrations);
	const redis = await startTestRedis();
	const folder = await mkdtemp(path.join(tmpdir(), 'store-processes-'));
	const { key } = await createApiKey(database.db, { name: 'test', scopes: ['*'] });
	const children = Array.from({ length: count }, () =>
		start({ databaseUrl: database.url, redis, folder }),
	);
	const origins = await Promise.all(children.map(originOf));
	await Promise.all(
		origins.map((origin) =>
			until(async () => (await fetch(`${origin}/readyz`)).ok, { timeoutMs: 300_000 }),
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

type Child = ChildProcessByStdio<null, Readable, null>;

function start(parts: { databaseUrl: string; redis: { url: string }; folder: string }): Child {
	return spawn(process.execPath, [SERVER], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: {
			PATH: process.env.PATH,
			PORT: '0',
			PUBLIC_URL: 'http://127.0.0.1',
			DATABASE_URL: parts.databaseUrl,
			REDIS_URL: parts.redis.url,
			SIGNING_SECRET: 'test'.repeat(8),
			RATE_LIMIT_PER_MINUTE: '1000000',
			STORAGE_DIR: parts.folder,
			LOG_LEVEL: 'info',
		},
	});
}

/** Where a process listens, as its log says: it takes a free port by itself, so that nobody else can have it. */
function originOf({ stdout }: Child): Promise<string> {
	return new Promise((resolve, reject) => {
		createInterface({ input: stdout })
			.on('line', (line) => {
				const origin = /Server listening at (http:[^"]+)/.exec(line)?.[1];
				if (origin !== undefined) resolve(origin);
			})
			.once('close', () => reject(new Error('A store ended before it listened.')));
	});
}

async function stop(child: Child): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exited = once(child, 'exit');
	child.kill('SIGTERM');
	await exited;
}
