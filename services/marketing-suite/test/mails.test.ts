import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { type MarketingApp, MJML, startMarketingApp } from './marketing-app.ts';

let marketing: MarketingApp;
beforeEach(async () => {
	marketing = await startMarketingApp();
});
afterEach(() => marketing.close());

const notice = (more: object = {}) => ({
	to: { email: 'ada@example.com', name: 'Ada Lovelace' },
	templateId: 'notice',
	data: {
		title: 'Your order A-100001',
		intro: ['Thank you. We have it.'],
		lines: [
			{ title: 'Ember One', detail: '2 pieces', amount: { amount: 17_800, currency: 'EUR' } },
		],
		totals: [{ label: 'Total', amount: { amount: 17_800, currency: 'EUR' }, strong: true }],
		secrets: [{ label: 'License key', value: 'AP-11111-<b>' }],
		buttons: [{ label: 'See your order', url: 'https://shop.example/orders/1' }],
	},
	...more,
});
const post = (mail: object, headers = {}) => marketing.call('POST', '/api/mails', mail, headers);
const get = async (id: string) => (await marketing.call('GET', `/api/mails/${id}`)).body;
const ends = (id: string, state: string) => until(async () => (await get(id)).state === state);

describe('a mail to one person', () => {
	it('is written at once, sent once, and told of', async () => {
		await marketing.startWorker();
		const { status, body } = await post(notice());
		expect(status).toBe(202);
		expect(body).toMatchObject({ state: 'queued', subject: 'Your order A-100001' });
		await ends(body.id, 'sent');
		const [mail, ...more] = marketing.sink.mails;
		expect(more).toEqual([]);
		expect(mail?.to).toEqual(['ada@example.com']);
		const written = await get(body.id);
		expect(written.html).toContain('Hi Ada. Thank you. We have it.');
		expect(written.html).toContain('€178.00');
		expect(written.html).toContain('AP-11111-&lt;b&gt;');
		expect(written.html).not.toContain('nsubscribe');
		expect(written.text).toContain('https://shop.example/orders/1');
		expect(written.response).toMatch(/^250/);
		expect(await marketing.eventTypes(body.id)).toEqual(['mail.sent']);
	});

	it('with a sendOnceKey is sent once, also when two ask at once', async () => {
		await marketing.startWorker();
		const mail = notice({ sendOnceKey: 'order-1-confirmed' });
		const answers = await Promise.all([1, 2, 3].map(() => post(mail)));
		const later = await post({ ...mail, subject: 'Again' });
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 202]);
		expect(later.status).toBe(200);
		expect(new Set([...answers, later].map(({ body }) => body.id)).size).toBe(1);
		await ends(later.body.id, 'sent');
		expect(marketing.sink.mails).toHaveLength(1);
	});

	it('is refused when its template is none, or fails on the data', async () => {
		const unknown = await post(notice({ templateId: 'nothing' }));
		expect([unknown.status, unknown.body.code]).toEqual([422, 'template_unknown']);
		const faulty = await post(notice({ subject: '{{ data.title | nonsense }}' }));
		expect([faulty.status, faulty.body.code]).toEqual([422, 'template_faulty']);
		const nobody = await post(notice({ to: { email: 'ada@example.com\r\nBcc: eve@example.com' } }));
		expect(nobody.status).toBe(400);
		expect((await marketing.call('GET', '/api/mails')).body.data).toEqual([]);
	});

	it('outlives its template, which it does not name any more', async () => {
		const { body: template } = await marketing.call('POST', '/api/templates', {
			...{ name: 'short-lived', subject: 'Hello', mjml: MJML },
		});
		const { body } = await post(notice({ templateId: 'short-lived' }));
		expect(body.templateId).toBe(template.id);
		await marketing.call('DELETE', `/api/templates/${template.id}`);
		expect(await get(body.id)).toMatchObject({ subject: 'Hello', templateId: null });
	});

	it('is not sent to an address that is suppressed, but to one that only left a list', async () => {
		await marketing.startWorker();
		await marketing.call('POST', '/api/suppressions', { email: 'ADA@example.com', reason: 'x' });
		expect((await post(notice())).body.state).toBe('suppressed');
		const contact = { email: 'bob@example.com', consent: { source: 'test' } };
		const { body: bob } = await marketing.call('POST', '/api/contacts', contact);
		await marketing.call('POST', `/api/contacts/${bob.id}/unsubscribe`);
		const { body } = await post(notice({ to: { email: 'bob@example.com' } }));
		await ends(body.id, 'sent');
		expect(marketing.sink.mails.map(({ to }) => to)).toEqual([['bob@example.com']]);
	});

	it('is found by its address and its state', async () => {
		const { body } = await post(notice());
		const find = async (query: string) =>
			(await marketing.call('GET', `/api/mails?${query}`)).body.data;
		expect(await find('email=ada@example.com&state=queued')).toEqual([body]);
		expect(await find('state=sent')).toEqual([]);
	});
});

describe('kill -9 of the worker', () => {
	it('while mails go out loses none and sends none twice', async () => {
		marketing.sink.manners.answerAfterMs = 40;
		const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
		for (const key of keys) {
			await post(notice({ sendOnceKey: key, to: { email: `${key}@example.com` } }));
		}
		for (const share of [8, 20]) {
			const worker = marketing.spawnWorker();
			await until(() => marketing.sink.mails.length >= share);
			await worker.kill();
		}
		marketing.spawnWorker();
		await until(
			async () =>
				(await marketing.call('GET', '/api/mails?state=sent&limit=100')).body.data.length === 40,
			// A job that a worker had taken from the queue, and not begun, is found some leases later.
			{ timeoutMs: 180_000, what: 'all mails are sent' },
		);
		const addresses = marketing.sink.mails.map(({ to }) => to.join()).sort();
		expect(addresses).toEqual(keys.map((key) => `${key}@example.com`).sort());
	}, 600_000);
});
