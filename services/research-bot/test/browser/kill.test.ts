import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { startTestRedis, until } from '@autopilot/postgres/testing';
import { startShop } from '../shop.ts';
import type { Shop } from '../shop.ts';

let shop: Shop;
let redis: Awaited<ReturnType<typeof startTestRedis>>;

beforeAll(async () => {
	redis = await startTestRedis();
	shop = await startShop({ '/hang': () => undefined });
});

afterAll(async () => {
	await shop.close();
	await redis.stop();
});

/** Processes with this in their command line, by /proc. */
async function processesWith(text: string): Promise<number[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const found = await Promise.all(
		pids.map(async (pid) => {
			// Processes end while they are listed.
			const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
			return line.includes(text) ? [Number(pid)] : [];
		}),
	);
	return found.flat();
}

it('leaves no browser behind when its process is killed with -9 in mid-navigation', async () => {
	const child = spawn(
		process.execPath,
		[new URL('./read-one.ts', import.meta.url).pathname, redis.url, `${shop.url}/hang`, shop.host],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	await until(() => output.includes('proxy='));
	const proxy = /proxy=(\S+)/.exec(output)?.[1] ?? 'none';
	await until(() => shop.paths.includes('/hang'));
	expect((await processesWith(`--proxy-server=${proxy}`)).length).toBeGreaterThan(0);
	child.kill('SIGKILL');
	await until(async () => (await processesWith(`--proxy-server=${proxy}`)).length === 0);
});
