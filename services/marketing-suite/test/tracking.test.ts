import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MarketingApp, MJML, PUBLIC_URL, startMarketingApp } from './marketing-app.ts';

let marketing: MarketingApp;
beforeAll(async () => {
	marketing = await startMarketingApp({ STORE_URL: 'https://store.example' });
	await marketing.startWorker();
});
afterAll(() => marketing.close());

const PERSON = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Thunderbird/140.0' };
const visit = (
	url: string,
	headers: Record<string, string> = PERSON,
	method: 'GET' | 'HEAD' = 'GET',
) => marketing.app.inject({ method, url: url.replace(PUBLIC_URL, ''), headers });
const post = (url: string, payload: string, type = 'application/x-www-form-urlencoded') =>
	marketing.app.inject({
		...{ method: 'POST', url: url.replace(PUBLIC_URL, ''), payload },
		headers: { 'content-type': type },
	});

let counter = 0;
/** A campaign of one mail that has been sent, and what is in the mail. */
async function oneMail(more: object = {}) {
	const prefix = `reader${++counter}-`;
	const draft = await marketing.draft([await marketing.listOf(prefix, 1)], more);
	await marketing.send(draft.id);
	await marketing.sent(draft.id);
	const mail = await marketing.sink.arrival(`${prefix}0@example.com`);
	const { body } = await marketing.call('GET', `/api/campaigns/${draft.id}/recipients`);
	return {
		id: draft.id,
		mail,
		recipient: body.data[0],
		pixel: /src="([^"]+\.gif)"/.exec(mail.html)?.[1] ?? '',
		link: /href="([^"]+\/t\/c\/[^"]+)"/.exec(mail.html)?.[1] ?? '',
		unsubscribe: mail.headers.get('list-unsubscribe')?.slice(1, -1) ?? '',
	};
}
type OneMail = Awaited<ReturnType<typeof oneMail>>;

describe('tracking', () => {
	let sent: OneMail;
	beforeEach(async () => {
		sent = await oneMail();
	});
	const figures = () => marketing.analytics(sent.id);

	it('counts opens of people, and tells the first', async () => {
		const image = await visit(sent.pixel);
		expect([image.statusCode, image.headers['content-type']]).toEqual([200, 'image/gif']);
		await visit(sent.pixel);
		expect((await figures()).opened).toEqual({ unique: 1, total: 2, machine: 0 });
		expect((await figures()).rates.openedOfSent).toBe(1);
		expect(await marketing.eventTypes(sent.recipient.id)).toEqual(['email.sent', 'email.opened']);
	});

	it('tells the store, and nobody else, which mail a click came from', async () => {
		const inStore = await oneMail({
			data: { title: 'Lamp', url: 'https://store.example/p/lamp?v=1#more' },
		});
		const { headers } = await visit(inStore.link);
		expect(headers.location).toBe(
			`https://store.example/p/lamp?v=1&ap_click=${inStore.recipient.id}&ap_campaign=${inStore.id}#more`,
		);
		const elsewhere = await oneMail({
			data: { title: 'Lamp', url: 'https://store.example.evil.test/p/lamp' },
		});
		expect((await visit(elsewhere.link)).headers.location).toBe(
			'https://store.example.evil.test/p/lamp',
		);
	});

	it('leads a click to where the mail said, and counts it as an open too', async () => {
		const answer = await visit(sent.link);
		expect([answer.statusCode, answer.headers.location]).toEqual([
			302,
			'https://shop.example/ember',
		]);
		expect(answer.headers['referrer-policy']).toBe('no-referrer');
		await visit(sent.link);
		const { opened, clicked, links } = await figures();
		expect([opened.unique, clicked]).toEqual([1, { unique: 1, total: 2, machine: 0 }]);
		expect(links).toEqual([{ url: 'https://shop.example/ember', unique: 1, total: 2, machine: 0 }]);
		expect(await marketing.eventTypes(sent.recipient.id)).toEqual([
			'email.sent',
			'email.opened',
			'email.clicked',
		]);
	});

	it('counts machines apart, and HEAD not at all', async () => {
		await visit(sent.pixel, { 'user-agent': 'Mozilla/5.0' });
		await visit(sent.link, { 'user-agent': 'BarracudaCentral scanner' });
		await visit(sent.link, { ...PERSON, 'sec-purpose': 'prefetch' });
		expect((await visit(sent.link, PERSON, 'HEAD')).statusCode).toBe(302);
		await visit(sent.pixel, PERSON, 'HEAD');
		const { opened, clicked } = await figures();
		expect(opened).toEqual({ unique: 0, total: 0, machine: 1 });
		expect(clicked).toEqual({ unique: 0, total: 0, machine: 2 });
		expect(await marketing.eventTypes(sent.recipient.id)).toEqual(['email.sent']);
	});

	it('follows no link that it has not made', async () => {
		const token = sent.link.split('/').at(-1) ?? '';
		const changed = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`;
		for (const text of ['x', changed, sent.unsubscribe.split('/').at(-1)]) {
			expect((await visit(`/t/c/${text}`)).statusCode).toBe(404);
			expect((await visit(`/t/o/${text}.gif`)).statusCode).toBe(200);
		}
		expect((await figures()).opened.total + (await figures()).clicked.total).toBe(0);
	});

	it('is left out where a campaign does not want it', async () => {
		const { mail } = await oneMail({ trackOpens: false, trackClicks: false });
		expect(mail.html).not.toContain('/t/');
		expect(mail.html).toContain('href="https://shop.example/ember"');
	});

	it('makes links harmless that are none of the web', async () => {
		const { mail } = await oneMail({ data: { url: 'java\tscript:alert(1)' } });
		expect(mail.html).not.toMatch(/script:/);
	});
});

describe('unsubscribing', () => {
	it('is asked on a page that changes nothing, works without scripts, and is done by its button', async () => {
		const { recipient, unsubscribe, id } = await oneMail();
		const page = await visit(unsubscribe);
		expect(page.statusCode).toBe(200);
		expect(page.body).toContain(recipient.email);
		expect(page.body).not.toContain('<script');
		expect(page.headers['content-security-policy']).toContain("default-src 'none'");
		const contact = async () =>
			(await marketing.call('GET', `/api/contacts/${recipient.contactId}`)).body;
		expect((await contact()).status).toBe('subscribed');
		expect((await post(unsubscribe, 'source=page')).body).toContain('You are unsubscribed');
		expect((await contact()).status).toBe('unsubscribed');
		expect((await visit(unsubscribe)).body).toContain('You are unsubscribed');
		expect((await marketing.analytics(id)).unsubscribed).toBe(1);
	});

	it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
		'takes one click of RFC 8058 as %s, once',
		async (type) => {
			const { recipient, unsubscribe } = await oneMail();
			for (const _time of [1, 2]) {
				const { statusCode } = await post(unsubscribe, 'List-Unsubscribe=One-Click', type);
				expect(statusCode).toBe(200);
			}
			expect(await marketing.eventTypes(recipient.id)).toEqual([
				'email.sent',
				'email.unsubscribed',
			]);
			expect(await marketing.eventTypes(recipient.contactId)).toEqual([
				'contact.created',
				'contact.unsubscribed',
			]);
		},
	);

	it('is refused with a page for a token that is not ours', async () => {
		const answer = await post('/u/nonsense', 'List-Unsubscribe=One-Click');
		expect([answer.statusCode, answer.headers['content-type']]).toEqual([
			404,
			'text/html; charset=utf-8',
		]);
	});
});

describe('headers of a mail', () => {
	it('cannot be added to by any value, whatever it holds', async () => {
		const breakOut = 'X\r\nBcc: victim@example.com\r\n\r\n<b>';
		const prefix = `inject${++counter}-`;
		const list = await marketing.listOf(prefix, 1);
		await marketing.db.query('UPDATE contacts SET name = $1 WHERE lower(email) = $2', [
			breakOut,
			`${prefix}0@example.com`,
		]);
		const draft = await marketing.draft([list], {
			...{ subject: '{{ data.title }} for {{ contact.name }}', mjml: MJML },
			data: { title: breakOut, url: 'https://shop.example/' },
		});
		await marketing.send(draft.id);
		await marketing.sent(draft.id);
		const mail = await marketing.sink.arrival(`${prefix}0@example.com`);
		expect(mail.to).toEqual([`${prefix}0@example.com`]);
		expect(mail.headers.has('bcc')).toBe(false);
		expect(marketing.sink.to('victim@example.com')).toEqual([]);
		expect(mail.headers.get('subject')).toContain('Bcc');
	});
});
