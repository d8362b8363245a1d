import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { installBuiltInTemplates } from '../src/templates/built-in.ts';
import { type MarketingApp, MJML, startMarketingApp } from './marketing-app.ts';

let marketing: MarketingApp;
beforeAll(async () => {
	marketing = await startMarketingApp();
});
afterAll(() => marketing.close());

let counter = 0;
const create = (mjml: string, more: object = {}) =>
	marketing.call('POST', '/api/templates', {
		...{ name: `Template ${++counter}`, subject: 'Hello {{ contact.name }}', mjml, ...more },
	});
const body = (inner: string) =>
	`<mjml><mj-body><mj-section><mj-column><mj-text>\n${inner}\n</mj-text></mj-column></mj-section></mj-body></mjml>`;
const preview = async (inner: string, data: object = {}, contact: object = {}) => {
	const { body: template } = await create(body(inner));
	return marketing.call('POST', `/api/templates/${template.id}/preview`, { data, contact });
};

describe('a template', () => {
	it('is created, previewed, changed and deleted', async () => {
		const { status, body: template } = await create(MJML);
		expect(status).toBe(201);
		const url = `/api/templates/${template.id}`;
		const data = { title: 'Ember & One', url: 'https://shop.example/?a=1&b=2' };
		const { body: seen } = await marketing.call('POST', `${url}/preview`, { data });
		expect(seen.subject).toBe('Hello Ada Lovelace');
		expect(seen.html).toContain('meet Ember &amp; One.');
		expect(seen.text).toContain('meet Ember & One.');
		expect((await marketing.call('PATCH', url, { subject: 'Hi' })).body.subject).toBe('Hi');
		expect((await marketing.call('DELETE', url)).status).toBe(204);
		expect((await marketing.call('GET', url)).body.code).toBe('template_not_found');
	});

	it.each([
		[
			'an unknown tag',
			'<mjml>\n<mj-body>\n<mj-foo>\n</mj-foo></mj-body></mjml>',
			/^line 3: mj-foo/,
		],
		['an unclosed Liquid tag', '<mjml>\n\n<mj-raw>{% if a %}</mj-raw></mjml>', /^line 3: /],
		[
			'an unknown filter',
			'<mjml><mj-body>\n{{ a | explode }}</mj-body></mjml>',
			/^line 2: .*explode/,
		],
		['no MJML', '<p>hi</p>', /^line 1: /],
	])('is refused for %s, with the line', async (_name, mjml, detail) => {
		const { status, body: problem } = await create(mjml);
		expect([status, problem.code]).toEqual([422, 'template_faulty']);
		expect(problem.errors[0]).toEqual({ pointer: '/mjml', detail: expect.stringMatching(detail) });
	});

	it('comes with the service as product-launch, for a product of the store as it is', async () => {
		const { body: page } = await marketing.call('GET', '/api/templates?q=product-launch');
		const [template] = page.data;
		expect(template).toMatchObject({ name: 'product-launch', builtIn: true });
		const seen = async (data: object) =>
			(await marketing.call('POST', `/api/templates/${template.id}/preview`, { data })).body;
		const product = {
			title: 'Ember One',
			description: 'A lamp without a cable.',
			media: [{ kind: 'image', url: 'https://shop.example/a.jpg', alt: 'The lamp' }],
			attributes: { features: ['Dims by touch'], brand: 'Holm', url: 'https://shop.example/ember' },
			variants: [{ price: { amount: 8900, currency: 'EUR' } }],
		};
		const video = { url: 'https://v.example/1', posterUrl: 'https://v.example/1.jpg' };
		const whole = await seen({ product, video });
		expect(whole.subject).toBe('Meet Ember One');
		for (const part of ['a.jpg', 'https://v.example/1"', 'Dims by touch', '€89.00', 'ember"']) {
			expect(whole.html).toContain(part);
		}
		expect(whole.text).toMatch(/€89\.00\s+See it in the shop \(https:\/\/shop\.example\/ember\)/);
		const flat = await seen({ title: 'Tide Two', cta: { label: 'Buy', url: 'https://x.example' } });
		expect([flat.subject, flat.html.includes('Watch the film')]).toEqual(['Meet Tide Two', false]);
		expect(flat.text).toContain('Buy (https://x.example)');
	});

	it('that came with the service is left alone once somebody has changed it', async () => {
		const { body: page } = await marketing.call('GET', '/api/templates?q=product-launch');
		const url = `/api/templates/${page.data[0].id}`;
		await marketing.call('PATCH', url, { subject: 'Mine' });
		await installBuiltInTemplates(marketing.db);
		expect((await marketing.call('GET', url)).body).toMatchObject({
			...{ subject: 'Mine', builtIn: false },
		});
	});
});

describe('hostile data and templates', () => {
	it('are escaped in HTML, and plain in text', async () => {
		const name = '<script>alert(1)</script>';
		const { body: seen } = await preview('{{ contact.name }}', {}, { name });
		expect(seen.html).not.toContain('<script>');
		expect(seen.html).toContain('&lt;script&gt;');
		expect(seen.text).toContain(name);
	});

	it('are not evaluated when they look like tags', async () => {
		const { body: seen } = await preview('{{ data.title }}', {
			title: '{{ contact.email }}{% if %}',
		});
		expect(seen.html).toContain('{{ contact.email }}{% if %}');
	});

	it('reach no prototype, no file and no other template', async () => {
		const { body: seen } = await preview(
			'[{{ data.constructor }}{{ data.__proto__.polluted }}{{ contact.toString }}]',
		);
		expect(seen.html).toContain('[]');
		const { body: template } = await create(body('{% assign f = "/etc/passwd" %}{% render f %}'));
		const url = `/api/templates/${template.id}/preview`;
		const included = await marketing.call('POST', url, { data: {} });
		expect([included.status, included.body.code]).toEqual([422, 'template_faulty']);
	});

	it('are cut off when they take too long or too much', async () => {
		const loop =
			'{% for a in (1..100000) %}{% for b in (1..100000) %}{{ a | times: b }}{% endfor %}{% endfor %}';
		const { status, body: problem } = await preview(loop);
		expect([status, problem.code]).toEqual([422, 'template_faulty']);
	});

	it('cannot take the place of the unsubscribe link', async () => {
		const { body: seen } = await preview(
			'<a href="{{ unsubscribeUrl }}">Bye</a>',
			{ unsubscribeUrl: 'https://evil.example' },
			{ attributes: { unsubscribeUrl: 'https://evil.example' } },
		);
		expect(seen.html).not.toContain('evil.example');
		expect(seen.html).toContain('href="https://example.com/unsubscribe"');
	});

	it('show prices as people read them', async () => {
		const { body: seen } = await preview('{{ data.price | money }} {{ data.none | money }}.', {
			price: { amount: 4999, currency: 'EUR' },
		});
		expect(seen.text).toContain('€49.99 .');
	});
});
