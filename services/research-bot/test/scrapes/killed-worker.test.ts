import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { until } from '@autopilot/postgres/testing';
import { startResearchApp } from '../research-app.ts';
import type { ResearchApp } from '../research-app.ts';
import { jsonLdPage, startShop } from '../shop.ts';
import type { Shop } from '../shop.ts';

let research: ResearchApp;
let shop: Shop;
let isHanging = true;
const workers: ChildProcess[] = [];

beforeAll(async () => {
	shop = await startShop({
		'/quick': jsonLdPage('10.00'),
		'/slow': (_request, response) => {
			if (!isHanging) response.setHeader('content-type', 'text/html').end(jsonLdPage('20.00'));
		},
	});
	research = await startResearchApp();
});

afterAll(async () => {
	for (const worker of workers) worker.kill('SIGKILL');
	await research.close();
	await shop.close();
});

function startWorker(): ChildProcess {
	const worker = spawn(
		process.execPath,
		[new URL('../../src/worker.ts', import.meta.url).pathname],
		{
			env: { PATH: process.env['PATH'], ...research.environment, EGRESS_ALLOW: shop.host },
			stdio: 'inherit',
		},
	);
	workers.push(worker);
	return worker;
}

it('is replaced: the next worker reads only the pages that are missing', async () => {
	const urls = [`${shop.url}/quick`, `${shop.url}/slow`];
	const { body } = await research.call('POST', '/api/v1/scrapes', { urls, render: 'http' });
	const doomed = startWorker();
	const path = `/api/v1/scrapes/${body.id}`;
	await until(async () => (await research.call('GET', path)).body.results.length === 1);
	await until(() => shop.paths.includes('/slow'));
	doomed.kill('SIGKILL');
	isHanging = false;
	// The lease of a dead worker runs out by itself after 15 s; the test does not wait for that.
	await research.db.query(`UPDATE jobs SET lease_until = now() WHERE id = $1`, [body.jobId]);
	const successor = startWorker();
	const scrape = await until(async () => {
		const answer = await research.call('GET', path);
		return answer.body.finishedAt !== null && answer.body;
	});
	expect(scrape).toMatchObject({ status: 'succeeded', summary: { lowest: 1000, highest: 2000 } });
	expect(shop.paths.filter((one) => one === '/quick')).toHaveLength(1);
	expect(shop.paths.filter((one) => one === '/slow')).toHaveLength(2);

	successor.kill('SIGTERM');
	const [code] = (await once(successor, 'exit')) as [number | null];
	expect(code).toBe(0);
});
