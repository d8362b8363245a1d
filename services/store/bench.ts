import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startTestRedis, until } from '@autopilot/postgres/testing';
import { findPortBase, SMALL_HEAP, startStack } from '@autopilot/stack';
import { z } from 'zod';
import { load, type Load, median } from '../../bench/load.ts';
import { loadCheckout, startInstantGateway } from './bench/checkout.ts';

interface Figure {
	name: string;
	value: number;
	unit: string;
	/** The bare handler of the same run. */
	limit?: number;
	goal?: number;
	ok: boolean;
}

const KEY = 'ap_bench_key_0123456789abcdef0123456789';
const WEBHOOK_SECRET = 'whsec_bench';
const PRODUCTS = 200;
const ROUNDS = 3;
const SECONDS = 4;
const CONNECTIONS = 16;
const BOOT_MS = 20_000;

/**
 * What the store answers per second, one API process on a real PostgreSQL that writes through to the disk, each beside
 * a bare Fastify and pg handler with the least query. Load, API and PostgreSQL share the machine.
 */
export async function bench(): Promise<{ name: string; figures: Figure[] }> {
	const folder = await mkdtemp(join(tmpdir(), 'store-bench-'));
	const stack = await startStack({
		dataDir: folder,
		portBase: await findPortBase(),
		only: ['postgres'],
		environment: { PATH: process.env.PATH },
	});
	const redis = await startTestRedis();
	const gateway = await startInstantGateway();
	const processes: ChildProcess[] = [];
	const start = async (file: string, port: number, env: Record<string, string>, path: string) => {
		const entry = fileURLToPath(new URL(file, import.meta.url));
		const child = spawn(process.execPath, [entry], {
			env: { PATH: process.env.PATH, NODE_OPTIONS: SMALL_HEAP, ...env, PORT: String(port) },
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		processes.push(child);
		const origin = `http://127.0.0.1:${port}`;
		await until(async () => (await fetch(`${origin}${path}`)).ok, { timeoutMs: BOOT_MS });
		return { origin, pid: child.pid ?? 0 };
	};
	try {
		const databaseUrl = stack.databaseUrl('store');
		const port = await freePort();
		const environment = {
			...{
				PUBLIC_URL: `http://127.0.0.1:${port}`,
				DATABASE_URL: databaseUrl,
				REDIS_URL: redis.url,
			},
			...{ SIGNING_SECRET: 'bench'.repeat(8), API_KEY: KEY, RATE_LIMIT_PER_MINUTE: '100000000' },
			...{ STORAGE_DIR: join(folder, 'files'), LOG_LEVEL: 'warn' },
			...{ STRIPE_SECRET_KEY: 'sk_test_bench', STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET },
			STRIPE_API_URL: gateway.url,
		};
		const store = await start('./src/server.ts', port, environment, '/readyz');
		await seed(store.origin);
		const key = await issueLicense(store.origin);
		const bare = await start(
			'./bench/bare.ts',
			await freePort(),
			{ DATABASE_URL: databaseUrl, SLUG: 'lamp-7' },
			'/list',
		);
		const headers = { authorization: `Bearer ${KEY}` };
		const [list, bareList] = await sideBySide(
			() => get(store.origin, '/api/v1/products?limit=20', headers),
			() => get(bare.origin, '/list', {}),
		);
		const [detail, bareDetail] = await sideBySide(
			() => get(store.origin, '/api/v1/products/lamp-7', headers),
			() => get(bare.origin, '/detail', {}),
		);
		const [validate, bareValidate] = await sideBySide(
			() => ask(store.origin, post('/api/v1/licenses/validate', { key }, headers)),
			() => ask(bare.origin, post('/validate', { key }, {})),
		);
		const workerPort = await freePort();
		await start(
			'./src/worker.ts',
			workerPort,
			{ ...environment, WORKER_PORT: String(workerPort) },
			'/healthz',
		);
		const buying = {
			...{ origin: store.origin, key: KEY, webhookSecret: WEBHOOK_SECRET, seconds: SECONDS },
			skus: Array.from({ length: 20 }, (_, i) => `LAMP-${i}-S`),
		};
		await loadCheckout(buying);
		const bought = await loadCheckout(buying);
		const smallest = await ask(bare.origin, post('/order', {}, {}));
		return {
			name: 'store',
			figures: [
				...rates('list of 20 products, price and stock', list, bareList, 5000),
				...rates('product detail', detail, bareDetail, 7000),
				...rates('licence validate', validate, bareValidate, 5000),
				{
					...{ name: 'checkout to paid, 30 buyers', value: Math.round(bought.rate), unit: '/s' },
					...{ goal: 300, ok: bought.rate >= 300 },
				},
				{
					...{ name: 'one small transaction of a bare handler', unit: '/s' },
					...{ value: Math.round(smallest.rate), ok: true },
				},
				await memory('memory of the API after all that', store.pid, 150),
			],
		};
	} finally {
		for (const child of processes) child.kill('SIGKILL');
		await redis.stop();
		await gateway.close();
		await stack.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

/** Turn about, so that a moment in which the machine is busy with something else hits both. */
async function sideBySide(
	ours: () => Promise<Load>,
	limit: () => Promise<Load>,
): Promise<[Load, Load]> {
	const loads: Load[] = [];
	const limits: Load[] = [];
	await ours();
	await limit();
	for (let round = 0; round < ROUNDS; round++) {
		loads.push(await ours());
		limits.push(await limit());
	}
	return [median(loads), median(limits)];
}

function get(origin: string, path: string, headers: Record<string, string>): Promise<Load> {
	return ask(origin, { method: 'GET', path, headers });
}

function post(path: string, body: object, headers: Record<string, string>) {
	return { method: 'POST' as const, path, headers, body: JSON.stringify(body) };
}

async function ask(origin: string, request: Parameters<typeof load>[1]): Promise<Load> {
	const answer = await load(origin, request, { connections: CONNECTIONS, seconds: SECONDS });
	if ([...answer.statuses.keys()].some((status) => status !== 200)) {
		throw new Error(`${request.path} answered ${JSON.stringify([...answer.statuses])}`);
	}
	return answer;
}

function rates(name: string, ours: Load, bare: Load, goal: number): Figure[] {
	const value = Math.round(ours.rate);
	const limit = Math.round(bare.rate);
	const p95 = Math.round(ours.p95 * 10) / 10;
	return [
		{ name, value, unit: '/s', limit, goal, ok: value >= goal && value >= limit / 2 },
		{ name: `${name}, p95`, value: p95, unit: 'ms', goal: 50, ok: p95 < 50 },
	];
}

/** @returns the key of a licence of one of the products */
async function issueLicense(origin: string): Promise<string> {
	const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
	const product = await fetch(`${origin}/api/v1/products/lamp-7`, { headers });
	const { id: productId } = z.object({ id: z.string() }).parse(await product.json());
	const answer = await fetch(`${origin}/api/v1/licenses`, {
		method: 'POST',
		headers,
		body: JSON.stringify({ productId, email: 'ada@example.com', entitlements: ['pro'] }),
	});
	return z.object({ key: z.string() }).parse(await answer.json()).key;
}

async function seed(origin: string): Promise<void> {
	for (let i = 0; i < PRODUCTS; i++) {
		const answer = await fetch(`${origin}/api/v1/products`, {
			method: 'POST',
			headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
			body: JSON.stringify({
				title: `Lamp ${i}`,
				description:
					'A table lamp without a cable, for the table, the bedside or the balcony. '.repeat(3),
				status: 'published',
				tags: ['lamps', 'cordless'],
				media: [
					{ kind: 'image', url: `https://shop.example/media/${i}.jpg`, alt: 'The lamp at dusk' },
				],
				attributes: { features: ['60 hours on one charge', 'Dims by touch'], audience: 'Friends' },
				variants: [
					{
						sku: `LAMP-${i}-S`,
						title: 'Sand',
						price: { amount: 8900, currency: 'EUR' },
						stock: 1_000_000,
					},
					{
						sku: `LAMP-${i}-B`,
						title: 'Black',
						price: { amount: 8900, currency: 'EUR' },
						stock: 1_000_000,
					},
				],
			}),
		});
		if (!answer.ok) throw new Error(await answer.text());
	}
}

/** Proportional: what processes share, such as the Node binary, counts once among all of them. */
async function memory(name: string, pid: number, goal: number): Promise<Figure> {
	const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
	const value = Math.round(Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024);
	return { name, value, unit: 'MiB', goal, ok: value <= goal };
}
