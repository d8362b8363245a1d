import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRedis } from '@autopilot/http';
import { until } from '@autopilot/postgres/testing';
import { type MarketingApp, startMarketingApp } from './marketing-app.ts';

let marketing: MarketingApp;
beforeEach(async () => {
	marketing = await startMarketingApp();
});
afterEach(() => marketing.close());

const PEOPLE = 300;
/** Two for each of the 10 connections. */
const IN_FLIGHT = 20;
/** Lets this share of the mails arrive; a worker takes its time to start on a busy machine. */
const arrived = (share: number) =>
	until(() => marketing.sink.mails.length > PEOPLE * share, {
		...{ timeoutMs: 180_000, what: `more than ${share} of the mails` },
	});
const start = async (more: object = {}) => {
	const draft = await marketing.draft([await marketing.listOf('person', PEOPLE)], more);
	// A server that takes its time is when a crash hurts: the mail is accepted, and nobody has been told yet.
	marketing.sink.manners.answerAfterMs = 25;
	await marketing.send(draft.id);
	return draft.id;
};
const everybodyOnce = () => {
	const addresses = marketing.sink.mails.map(({ to }) => to.join());
	expect(new Set(addresses).size).toBe(PEOPLE);
	expect(addresses).toHaveLength(PEOPLE);
};

describe('kill -9 of the worker in mid-campaign', () => {
	it('loses no mail and sends none twice, three times in a row', async () => {
		const id = await start();
		for (const share of [0.15, 0.4, 0.65]) {
			const worker = marketing.spawnWorker();
			await arrived(share);
			await worker.kill();
		}
		marketing.spawnWorker();
		expect(await marketing.sent(id)).toMatchObject({ sent: PEOPLE, uncertain: 0, pending: 0 });
		everybodyOnce();
	}, 600_000);
});

describe('kill -9 where nobody can tell which mails have arrived', () => {
	beforeEach(async () => {
		await marketing.close();
		marketing = await startMarketingApp({ INBOX_URL: '' });
	});

	it('lists the few that were in flight as uncertain, and sends none twice', async () => {
		const id = await start();
		const worker = marketing.spawnWorker();
		await arrived(1 / 3);
		const answer = marketing.sink.hold();
		await until(() => marketing.sink.held() > 0, { what: 'a mail that nobody has confirmed' });
		await worker.kill();
		answer();
		marketing.spawnWorker();
		const { sent, uncertain } = await marketing.sent(id);
		expect(sent + uncertain).toBe(PEOPLE);
		expect(uncertain).toBeGreaterThan(0);
		expect(uncertain).toBeLessThanOrEqual(IN_FLIGHT);
		const { body } = await marketing.call('GET', `/api/campaigns/${id}/recipients?state=uncertain`);
		expect(body.data).toHaveLength(uncertain);
		const addresses = marketing.sink.mails.map(({ to }) => to.join());
		expect(new Set(addresses).size).toBe(addresses.length);
	}, 600_000);

	it('sends them again when the campaign asks for at least once, and loses nobody', async () => {
		const id = await start({ deliveryPolicy: 'at_least_once' });
		const worker = marketing.spawnWorker();
		await arrived(1 / 3);
		await worker.kill();
		marketing.spawnWorker();
		expect(await marketing.sent(id)).toMatchObject({ sent: PEOPLE, uncertain: 0 });
		const addresses = marketing.sink.mails.map(({ to }) => to.join());
		expect(new Set(addresses).size).toBe(PEOPLE);
		expect(addresses.length).toBeLessThanOrEqual(PEOPLE + IN_FLIGHT);
	}, 600_000);
});

describe('Redis', () => {
	it('may be emptied in mid-campaign, and before a worker has seen the job', async () => {
		const admin = connectRedis(marketing.redisServer.url, { name: 'operator' });
		const id = await start();
		await admin.flushall();
		await marketing.startWorker();
		for (const share of [0.2, 0.5, 0.8]) {
			await arrived(share);
			await admin.flushall();
		}
		admin.disconnect();
		expect(await marketing.sent(id)).toMatchObject({ sent: PEOPLE });
		everybodyOnce();
	}, 600_000);

	it('may be restarted in mid-campaign', async () => {
		const id = await start();
		await marketing.startWorker();
		await arrived(1 / 3);
		await marketing.redisServer.restart();
		expect(await marketing.sent(id)).toMatchObject({ sent: PEOPLE });
		everybodyOnce();
	}, 600_000);
});
