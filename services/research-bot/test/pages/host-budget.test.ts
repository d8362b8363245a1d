import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRedis } from '@autopilot/http';
import { startTestRedis } from '@autopilot/postgres/testing';
import { HostBudget } from '../../src/pages/host-budget.ts';
import { retryAfterMs } from '../../src/pages/retry.ts';
import { productToken } from '../../src/pages/robots.ts';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let one: ReturnType<typeof connectRedis>;
let two: ReturnType<typeof connectRedis>;
const never = new AbortController().signal;

beforeAll(async () => {
	server = await startTestRedis();
	one = connectRedis(server.url, { name: 'one' });
	two = connectRedis(server.url, { name: 'two' });
});

beforeEach(async () => {
	await one.flushall();
});

afterAll(async () => {
	one.disconnect();
	two.disconnect();
	await server.stop();
});

describe('the budget of a host', () => {
	it('keeps two workers apart by the delay, in all', async () => {
		const settings = { delayMs: 60, concurrency: 10 };
		const budgets = [new HostBudget(one, settings), new HostBudget(two, settings)];
		const starts: number[] = [];
		const turn = async (budget: HostBudget) => {
			for (let n = 0; n < 3; n++) {
				const lease = await budget.acquire('shop.example', 0, never);
				starts.push(performance.now());
				await lease.release('done');
			}
		};
		await Promise.all(budgets.map(turn));
		const gaps = starts.slice(1).map((at, n) => at - (starts[n] ?? 0));
		expect(starts).toHaveLength(6);
		// Answers of Redis may come in late, so single gaps vary; their sum may not.
		expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(5 * 60 - 10);
		// Nobody is forgotten; how long a busy machine takes for a turn is another matter.
		expect(Math.max(...gaps)).toBeLessThan(10_000);
	});

	it('holds other hosts up in no way', async () => {
		const budget = new HostBudget(one, { delayMs: 60_000, concurrency: 1 });
		await budget.acquire('a.example', 0, never);
		expect((await budget.acquire('b.example', 0, never)).waitedMs).toBeLessThan(30_000);
	});

	it('lets no more in at once than allowed, over all workers', async () => {
		const settings = { delayMs: 0, concurrency: 2 };
		const first = await new HostBudget(one, settings).acquire('shop.example', 0, never);
		await new HostBudget(two, settings).acquire('shop.example', 0, never);
		let entered = false;
		const third = new HostBudget(two, settings).acquire('shop.example', 0, never).then((lease) => {
			entered = true;
			return lease;
		});
		await new HostBudget(one, settings).acquire('other.example', 0, never);
		expect(entered).toBe(false);
		await first.release('done');
		await third;
		expect(entered).toBe(true);
	});

	it('takes the longer of the own delay and Crawl-delay', async () => {
		const budget = new HostBudget(one, { delayMs: 10, concurrency: 5 });
		const from = performance.now();
		await budget.acquire('shop.example', 300, never);
		const { waitedMs } = await budget.acquire('shop.example', 300, never);
		// Of the time between the two, the second has waited for what was left when it came.
		expect(performance.now() - from).toBeGreaterThanOrEqual(290);
		expect(waitedMs).toBeGreaterThan(0);
	});

	it('pauses after a 429, and by Retry-After where there is one', async () => {
		const budget = new HostBudget(one, { delayMs: 0, concurrency: 5 });
		const first = await budget.acquire('b.example', 0, never);
		const other = await budget.acquire('a.example', 0, never);
		const from = performance.now();
		await Promise.all([first.release('throttled'), other.release('throttled', 200)]);
		const turns: string[] = [];
		const turn = async (host: string) => {
			await budget.acquire(host, 0, never);
			turns.push(host);
			return performance.now() - from;
		};
		const [backedOffMs, askedMs] = await Promise.all([turn('b.example'), turn('a.example')]);
		expect(askedMs).toBeGreaterThanOrEqual(190);
		expect(backedOffMs).toBeGreaterThanOrEqual(990);
		expect(turns).toEqual(['a.example', 'b.example']);
	});

	it('survives a Redis that lost its scripts', async () => {
		const budget = new HostBudget(one, { delayMs: 0, concurrency: 1 });
		await (await budget.acquire('a.example', 0, never)).release('done');
		await one.script('FLUSH');
		await (await budget.acquire('a.example', 0, never)).release('done');
	});

	it('gives up waiting when the caller does', async () => {
		const budget = new HostBudget(one, { delayMs: 60_000, concurrency: 1 });
		await budget.acquire('a.example', 0, never);
		const controller = new AbortController();
		const waiting = budget.acquire('a.example', 0, controller.signal);
		controller.abort(new Error('cancelled'));
		await expect(waiting).rejects.toThrow();
	});
});

describe('headers', () => {
	it.each([
		['120', 120_000],
		[' 5 ', 5_000],
		['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
		['Wed, 31 Dec 2025 00:00:00 GMT', 0],
		['soon', 0],
		[undefined, 0],
	])('Retry-After %j is %d ms', (value, expected) => {
		expect(retryAfterMs(value, Date.parse('2026-01-01T00:00:00Z'))).toBe(expected);
	});

	it.each([
		['Mozilla/5.0 (compatible; AutopilotBot/1.0; +https://autopilot.example/bot)', 'AutopilotBot'],
		['MyBot/2.0', 'MyBot'],
		['', '*'],
	])('the product token of %j is %s', (userAgent, expected) => {
		expect(productToken(userAgent)).toBe(expected);
	});
});
