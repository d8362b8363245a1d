import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MarketingApp, MJML, startMarketingApp } from './marketing-app.ts';

let marketing: MarketingApp;
beforeAll(async () => {
	marketing = await startMarketingApp();
});
afterAll(() => marketing.close());

const create = (more: object) =>
	marketing.call('POST', '/api/campaigns', { name: 'Launch', mjml: MJML, ...more });
const rehearse = async (id: string) =>
	(await marketing.call('POST', `/api/campaigns/${id}/send?dryRun=true`)).body;
const codes = ({ blockedBy }: { blockedBy: { code: string }[] }) =>
	blockedBy.map(({ code }) => code);

describe('a draft', () => {
	it('is created once for a sendOnceKey, also by several at once', async () => {
		const list = await marketing.listOf('once', 1);
		const answers = await Promise.all(
			[1, 2, 3].map(() => create({ lists: [list], sendOnceKey: 'launch-ember' })),
		);
		expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
	});

	it('is changed while it is one, and takes a template by name', async () => {
		const list = await marketing.listOf('changed', 1);
		const { body } = await create({ lists: ['changed'], data: { title: 'A' } });
		const url = `/api/campaigns/${body.id}`;
		const patch = { templateId: 'product-launch', from: { name: 'Shop', email: 's@shop.example' } };
		const changed = await marketing.call('PATCH', url, patch);
		expect(changed.body).toMatchObject({ mjml: null, from: patch.from, lists: [list] });
		expect(changed.body.templateId).toEqual(expect.any(String));
		const used = await marketing.call('DELETE', `/api/templates/${changed.body.templateId}`);
		expect(used.body.code).toBe('template_in_use');
		expect((await marketing.send(body.id)).status).toBe(202);
		expect((await marketing.call('PATCH', url, { name: 'B' })).body.code).toBe(
			'campaign_not_draft',
		);
		expect((await marketing.call('DELETE', url)).body.code).toBe('campaign_running');
		expect((await marketing.call('POST', `${url}/cancel`)).body.status).toBe('cancelled');
		expect((await marketing.call('DELETE', url)).status).toBe(204);
	});

	it('keeps what it sends although its template is changed meanwhile', async () => {
		const { body: template } = await marketing.call('POST', '/api/templates', {
			...{ name: 'Changing', subject: 'Before', mjml: MJML },
		});
		const { body } = await create({
			...{ mjml: undefined, templateId: template.id, lists: [await marketing.listOf('snap', 1)] },
		});
		await marketing.send(body.id);
		await marketing.call('PATCH', `/api/templates/${template.id}`, { subject: 'After' });
		const stop = await marketing.startWorker();
		const mail = await marketing.sink.arrival('snap0@example.com');
		expect(mail.headers.get('subject')).toBe('Before');
		await marketing.sent(body.id);
		await stop();
	});

	it.each([
		['no content', { mjml: undefined }, '/templateId'],
		['two contents', { templateId: 'x' }, '/mjml'],
		['no list', { lists: [] }, '/lists'],
		[
			'a sender with a line break',
			{ from: { name: 'A\r\nBcc: b@x.example', email: 'a@x.example' } },
			'/from/name',
		],
		['two addresses as one', { replyTo: 'a@x.example, b@x.example' }, '/replyTo'],
		['a subject of two lines', { subject: 'A\nBcc: b@x.example' }, '/subject'],
	])('is refused with %s', async (_name, more, pointer) => {
		const { status, body } = await create({ lists: ['changed'], ...more });
		expect(status).toBe(400);
		expect(body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
	});

	it('is refused when its template fails on its data', async () => {
		const mjml = MJML.replace('{{ data.title }}', '{{ data.price | money: data.locale }}');
		const { status, body } = await create({
			...{ mjml, lists: ['changed'] },
			data: { price: { amount: 1, currency: 'EUR' }, locale: 'not a locale' },
		});
		expect([status, body.code]).toEqual([422, 'template_faulty']);
	});
});

describe('sending', () => {
	it('is blocked, and leaves a draft, without recipients or unsubscribe link', async () => {
		const empty = await marketing.listOf('empty', 0);
		const mjml = MJML.replace('{{ unsubscribeUrl }}', 'https://shop.example');
		const { body } = await create({ lists: [empty], mjml });
		expect(codes(await rehearse(body.id))).toEqual(['unsubscribe_link_missing', 'no_recipients']);
		const { status, body: problem } = await marketing.send(body.id);
		expect([status, problem.code, problem.errors.length]).toEqual([
			422,
			'unsubscribe_link_missing',
			2,
		]);
		expect(await marketing.status(body.id)).toBe('draft');
		expect((await marketing.analytics(body.id)).audience).toBe(0);
	});

	it('calls back once when the campaign has been sent', async () => {
		const { body } = await create({ lists: [await marketing.listOf('call', 2)] });
		const callback = { url: 'http://127.0.0.1:9/resume/1', count: 1 };
		await marketing.call('POST', `/api/campaigns/${body.id}/send`, { callback });
		const stop = await marketing.startWorker();
		await marketing.sent(body.id);
		await stop();
		const { rows } = await marketing.db.query<{ body: { data: { jobs: { state: string }[] } } }>(
			'SELECT callback_body AS body FROM deliveries WHERE callback_url = $1',
			[callback.url],
		);
		expect(rows.map((row) => row.body.data.jobs.map(({ state }) => state))).toEqual([
			['succeeded'],
		]);
	});

	it('ends with its job when that is cancelled by way of the jobs', async () => {
		const { body } = await create({ lists: ['call'] });
		const { body: sending } = await marketing.send(body.id);
		await marketing.call('POST', `/api/v1/jobs/${sending.jobId}/cancel`);
		expect(await marketing.status(body.id)).toBe('cancelled');
	});
});
