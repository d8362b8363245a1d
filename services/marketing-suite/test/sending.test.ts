import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import type { Analytics } from '../src/campaigns/schema.ts';
import { type MarketingApp, PUBLIC_URL, startMarketingApp } from './marketing-app.ts';

let marketing: MarketingApp;
beforeAll(async () => {
	marketing = await startMarketingApp();
	await marketing.startWorker();
});
afterEach(() => {
	Object.assign(marketing.sink.manners, {
		refuse: () => undefined,
		refuseSender: undefined,
		answerAfterMs: 0,
	});
});
afterAll(() => marketing.close());

const states = (figures: Analytics) => {
	const { audience, pending, sending, sent, failed, suppressed, uncertain } = figures;
	return { audience, pending, sending, sent, failed, suppressed, uncertain };
};

describe('a campaign', () => {
	it('reaches everybody on its lists once, over few connections, and is told about', async () => {
		const list = await marketing.listOf('flow', 40);
		const draft = await marketing.draft([list]);
		expect(draft.status).toBe('draft');
		const { status, body } = await marketing.send(draft.id);
		expect([status, body.status, body.audience]).toEqual([202, 'sending', 40]);
		const figures = await marketing.sent(draft.id);
		expect(states(figures)).toEqual({
			...{ audience: 40, sent: 40 },
			...{ pending: 0, sending: 0, failed: 0, suppressed: 0, uncertain: 0 },
		});
		const mails = marketing.sink.mails.filter(({ to }) => to[0]?.startsWith('flow'));
		expect(new Set(mails.map(({ to }) => to.join()))).toHaveProperty('size', 40);
		expect(mails).toHaveLength(40);
		expect(marketing.sink.connections()).toBeLessThanOrEqual(10);
		expect(await marketing.eventTypes(draft.id)).toEqual(['campaign.started', 'campaign.finished']);
		const { body: page } = await marketing.call(
			'GET',
			`/api/campaigns/${draft.id}/recipients?state=sent`,
		);
		expect(await marketing.eventTypes(page.data[0].id)).toEqual(['email.sent']);
		expect(page.data[0].response).toMatch(/^250/);
		const { body: job } = await marketing.call('GET', `/api/v1/jobs/${body.jobId}`);
		expect([job.state, job.result.sent]).toEqual(['succeeded', 40]);
	});

	it('is a mail with both parts, one-click unsubscribe and a Message-ID that is its own', async () => {
		await marketing.call('POST', '/api/contacts', {
			...{
				email: 'ada@example.com',
				name: 'Ada Lovelace',
				lists: [await marketing.listOf('form', 0)],
			},
			consent: { source: 'test' },
		});
		const draft = await marketing.draft(['form'], {
			...{ preheader: 'A lamp for {{ contact.firstName }}', replyTo: 'help@shop.example' },
		});
		await marketing.send(draft.id);
		await marketing.sent(draft.id);
		const mail = await marketing.sink.arrival('ada@example.com');
		expect(mail.headers.get('subject')).toBe('Meet Ember One');
		expect(mail.headers.get('from')).toBe('Test Shop <shop@shop.example>');
		expect(mail.headers.get('to')).toBe('Ada Lovelace <ada@example.com>');
		expect(mail.headers.get('reply-to')).toBe('help@shop.example');
		expect(mail.headers.get('message-id')).toMatch(/^<[0-9a-f]{32}@shop\.example>$/);
		expect(mail.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
		const link = mail.headers.get('list-unsubscribe')?.slice(1, -1) ?? '';
		expect(link.length).toBeLessThan(70);
		expect(link.startsWith(`${PUBLIC_URL}/u/`)).toBe(true);
		expect(mail.html).toContain(`href="${link}"`);
		expect(mail.html).toContain('A lamp for Ada');
		expect(mail.html).toMatch(/\/t\/c\/[\w-]{35}"/);
		expect(mail.text).toContain('Dear Ada, meet Ember One.');
		expect(mail.text).toContain(link);
		expect(mail.text).not.toContain('<');
	});

	it('is sent once when it is asked for twice at once, and again later', async () => {
		const draft = await marketing.draft([await marketing.listOf('twice', 5)]);
		const answers = await Promise.all([1, 2, 3].map(() => marketing.send(draft.id)));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 202]);
		await marketing.sent(draft.id);
		const later = await marketing.send(draft.id);
		expect([later.status, later.body.status, later.body.audience]).toEqual([200, 'sent', 5]);
		expect(marketing.sink.mails.filter(({ to }) => to[0]?.startsWith('twice'))).toHaveLength(5);
	});

	it('leaves out who unsubscribes, is suppressed or is deleted between queueing and sending', async () => {
		const list = await marketing.listOf('leave', 4);
		const { body: page } = await marketing.call('GET', `/api/contacts?listId=${list}`);
		const [a, b, c] = page.data;
		const draft = await marketing.draft([list]);
		await marketing.call('POST', '/api/suppressions', { email: b.email.toUpperCase() });
		const { body: rehearsal } = await marketing.call(
			'POST',
			`/api/campaigns/${draft.id}/send?dryRun=true`,
		);
		expect(rehearsal).toMatchObject({ audience: 4, suppressed: 1, dryRun: true, blockedBy: [] });
		await marketing.call('DELETE', `/api/suppressions/${b.email}`);
		marketing.sink.manners.refuse = () => 451;
		await marketing.send(draft.id);
		await marketing.call('POST', `/api/campaigns/${draft.id}/pause`);
		await marketing.atRest(draft.id);
		await marketing.call('POST', `/api/contacts/${a.id}/unsubscribe`);
		await marketing.call('POST', '/api/suppressions', { email: b.email.toUpperCase() });
		await marketing.call('DELETE', `/api/contacts/${c.id}`);
		marketing.sink.manners.refuse = () => undefined;
		await marketing.call('POST', `/api/campaigns/${draft.id}/resume`);
		expect(states(await marketing.sent(draft.id))).toMatchObject({ sent: 1, suppressed: 3 });
		expect(marketing.sink.mails.filter(({ to }) => to[0]?.startsWith('leave'))).toHaveLength(1);
	});

	it('fails for an address that is refused for good, and comes back to one that is put off', async () => {
		const draft = await marketing.draft([await marketing.listOf('refused', 3)]);
		let puttingOff = true;
		marketing.sink.manners.refuse = (address) => {
			if (address === 'refused0@example.com') return 550;
			if (address !== 'refused1@example.com' || !puttingOff) return undefined;
			puttingOff = false;
			return 451;
		};
		await marketing.send(draft.id);
		expect(states(await marketing.sent(draft.id))).toMatchObject({ sent: 2, failed: 1 });
		const { body } = await marketing.call(
			'GET',
			`/api/campaigns/${draft.id}/recipients?state=failed`,
		);
		expect(body.data[0]).toMatchObject({
			email: 'refused0@example.com',
			error: expect.stringMatching(/^550/),
		});
		expect(await marketing.eventTypes(body.data[0].id)).toEqual(['email.failed']);
	});

	it('waits, and loses nobody, while the SMTP server is down', async () => {
		const draft = await marketing.draft([await marketing.listOf('down', 60)]);
		marketing.sink.manners.answerAfterMs = 20;
		await marketing.send(draft.id);
		await until(
			() => marketing.sink.mails.filter(({ to }) => to[0]?.startsWith('down')).length > 15,
		);
		await marketing.sink.goDown();
		await until(async () => (await marketing.analytics(draft.id)).sending === 0);
		expect(await marketing.status(draft.id)).toBe('sending');
		await marketing.sink.comeUp();
		expect(states(await marketing.sent(draft.id))).toMatchObject({
			sent: 60,
			failed: 0,
			uncertain: 0,
		});
		const mails = marketing.sink.mails.filter(({ to }) => to[0]?.startsWith('down'));
		expect(new Set(mails.map(({ to }) => to.join())).size).toBe(60);
		expect(mails).toHaveLength(60);
	});

	it('pauses by itself when the server refuses the sender, and goes on when that is mended', async () => {
		const draft = await marketing.draft([await marketing.listOf('sender', 3)]);
		marketing.sink.manners.refuseSender = 550;
		await marketing.send(draft.id);
		await until(async () => (await marketing.status(draft.id)) === 'paused');
		await marketing.atRest(draft.id);
		const { body } = await marketing.call('GET', `/api/campaigns/${draft.id}`);
		expect(body.error).toMatch(/refuses the sender/);
		marketing.sink.manners.refuseSender = undefined;
		await marketing.call('POST', `/api/campaigns/${draft.id}/resume`);
		expect(states(await marketing.sent(draft.id))).toMatchObject({ sent: 3 });
	});

	it('can be paused, resumed, and cancelled for good', async () => {
		const draft = await marketing.draft([await marketing.listOf('pause', 60)]);
		const act = (action: string) => marketing.call('POST', `/api/campaigns/${draft.id}/${action}`);
		const arrived = () =>
			marketing.sink.mails.filter(({ to }) => to[0]?.startsWith('pause')).length;
		const answerFirst = marketing.sink.hold();
		await marketing.send(draft.id);
		await until(() => arrived() > 5);
		expect((await act('pause')).body.status).toBe('paused');
		answerFirst();
		await marketing.atRest(draft.id);
		const atPause = arrived();
		expect((await act('pause')).body.status).toBe('paused');
		expect(arrived()).toBe(atPause);
		const answerMore = marketing.sink.hold();
		await act('resume');
		await until(() => arrived() > atPause);
		expect((await act('cancel')).body.status).toBe('cancelled');
		answerMore();
		const { jobId } = (await marketing.call('GET', `/api/campaigns/${draft.id}`)).body;
		await until(
			async () => (await marketing.call('GET', `/api/v1/jobs/${jobId}`)).body.state === 'cancelled',
		);
		const { pending, sending, sent } = await marketing.analytics(draft.id);
		expect(sending).toBe(0);
		expect(sent).toBe(arrived());
		expect(pending + sent).toBe(60);
		expect((await act('resume')).body.code).toBe('campaign_state');
		expect(await marketing.eventTypes(draft.id)).toEqual(['campaign.started', 'campaign.finished']);
	});

	it('can be tried on given addresses', async () => {
		const draft = await marketing.draft([await marketing.listOf('tried', 1)]);
		const { status } = await marketing.call('POST', `/api/campaigns/${draft.id}/test`, {
			to: ['me@example.com'],
		});
		expect(status).toBe(202);
		const mail = await marketing.sink.arrival('me@example.com');
		expect(mail.headers.get('subject')).toBe('[Test] Meet Ember One');
		expect((await marketing.analytics(draft.id)).audience).toBe(0);
		expect((await marketing.app.inject(`/u/test`)).body).toContain('This was a test');
	});
});

describe('a rate limit', () => {
	it('is kept by all workers together', async () => {
		const limited = await startMarketingApp({ SEND_RATE_PER_SECOND: '50' });
		try {
			await limited.startWorker();
			await limited.startWorker();
			const drafts = [];
			for (const name of ['one', 'two'])
				drafts.push(await limited.draft([await limited.listOf(name, 50)]));
			const from = performance.now();
			for (const { id } of drafts) await limited.send(id);
			for (const { id } of drafts) await limited.sent(id);
			const seconds = (performance.now() - from) / 1000;
			expect(100 / seconds).toBeLessThanOrEqual(50 * 1.1);
			expect(limited.sink.mails).toHaveLength(100);
		} finally {
			await limited.close();
		}
	});
});
