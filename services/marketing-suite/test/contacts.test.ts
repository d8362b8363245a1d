import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deleteSuppression } from '../src/suppressions/store.ts';
import { type MarketingApp, startMarketingApp } from './marketing-app.ts';

let marketing: MarketingApp;
beforeAll(async () => {
	marketing = await startMarketingApp();
});
afterAll(() => marketing.close());

const consent = { source: 'checkout', at: '2026-01-01T00:00:00Z', ip: '192.0.2.7' };
const create = (email: string, more: object = {}) =>
	marketing.call('POST', '/api/contacts', { email, consent, ...more });

describe('lists', () => {
	it('are created, renamed, counted, found by name and deleted without their contacts', async () => {
		const { status, body } = await marketing.call('POST', '/api/lists', { name: 'Newsletter' });
		expect(status).toBe(201);
		const taken = await marketing.call('POST', '/api/lists', { name: 'newsletter' });
		expect([taken.status, taken.body.code]).toEqual([422, 'list_name_taken']);
		const { body: contact } = await create('member@example.com', { lists: ['Newsletter'] });
		const url = `/api/lists/${body.id}`;
		expect((await marketing.call('GET', url)).body).toMatchObject({ contacts: 1, subscribed: 1 });
		expect((await marketing.call('GET', '/api/lists?q=news')).body.data).toHaveLength(1);
		expect((await marketing.call('PATCH', url, { name: 'News' })).body.name).toBe('News');
		expect((await marketing.call('DELETE', url)).status).toBe(204);
		expect((await marketing.call('GET', url)).body.code).toBe('list_not_found');
		expect((await marketing.call('GET', `/api/contacts/${contact.id}`)).body.lists).toEqual([]);
	});

	it('take contacts on and off', async () => {
		const list = await marketing.listOf('onoff', 2);
		const { body } = await create('third@example.com');
		const url = `/api/lists/${list}/contacts`;
		const contactIds = [body.id];
		expect((await marketing.call('POST', url, { contactIds })).body).toEqual({ added: 1 });
		expect((await marketing.call('POST', url, { contactIds })).body).toEqual({ added: 0 });
		expect((await marketing.call('DELETE', `${url}/${body.id}`)).status).toBe(204);
		expect((await marketing.call('DELETE', `${url}/${body.id}`)).status).toBe(404);
	});
});

describe('contacts', () => {
	it('are one for one address, in whatever case it is written', async () => {
		const first = await create('Grace@Example.com', { name: 'Grace', attributes: { a: 1 } });
		const again = await create('grace@example.COM', { attributes: { b: 2 } });
		expect([first.status, again.status]).toEqual([201, 200]);
		expect(again.body).toMatchObject({
			...{ id: first.body.id, name: 'Grace', attributes: { a: 1, b: 2 } },
			consent: { source: 'checkout', at: '2026-01-01T00:00:00.000Z', ip: '192.0.2.7' },
		});
		expect(await marketing.eventTypes(first.body.id)).toEqual(['contact.created']);
	});

	it('stay unsubscribed when they are added or imported again, until they agree anew', async () => {
		const { body } = await create('gone@example.com');
		const url = `/api/contacts/${body.id}`;
		const unsubscribed = await marketing.call('POST', `${url}/unsubscribe`);
		expect(unsubscribed.body.status).toBe('unsubscribed');
		await marketing.call('POST', `${url}/unsubscribe`);
		expect((await create('gone@example.com')).body.status).toBe('unsubscribed');
		expect((await marketing.call('PATCH', url, { status: 'subscribed' })).status).toBe(400);
		const back = await marketing.call('PATCH', url, { status: 'subscribed', consent });
		expect(back.body.status).toBe('subscribed');
		expect(await marketing.eventTypes(body.id)).toEqual([
			'contact.created',
			'contact.unsubscribed',
		]);
		const { rows } = await marketing.db.query(
			'SELECT kind FROM consents WHERE contact_id = $1 ORDER BY id',
			[body.id],
		);
		expect(rows.map(({ kind }) => kind)).toEqual(['given', 'withdrawn', 'given', 'given']);
	});

	it('are imported, the bad rows named and left out', async () => {
		const list = await marketing.listOf('import', 0);
		await create('known@example.com');
		const { status, body } = await marketing.call('POST', '/api/contacts/import', {
			...{ listId: list, consent },
			contacts: [
				{ email: 'new@example.com', name: 'New', attributes: { tier: 1 } },
				{ email: 'no address' },
				{ email: 'NEW@example.com' },
				{ email: 'known@example.com' },
				{ email: 'evil@example.com\r\nBcc: all@example.com' },
				{ email: 'evil2@example.com', name: 'A\r\nBcc: all@example.com' },
			],
		});
		expect(status).toBe(200);
		expect(body).toMatchObject({ created: 1, updated: 1 });
		expect(body.rejected.map(({ index }: { index: number }) => index)).toEqual([1, 2, 4, 5]);
		expect((await marketing.call('GET', `/api/lists/${list}`)).body.contacts).toBe(2);
		const many = Array.from({ length: 1001 }, (_, i) => ({ email: `a${i}@example.com` }));
		const tooMany = await marketing.call('POST', '/api/contacts/import', {
			...{ listId: list, consent, contacts: many },
		});
		expect(tooMany.body.errors[0].pointer).toBe('/contacts');
	});

	it('need a consent, a real address and lists that exist', async () => {
		const { body: bare } = await marketing.call('POST', '/api/contacts', {
			email: 'a@example.com',
		});
		expect(bare.errors[0].pointer).toBe('/consent');
		const { body: injected } = await create('a@example.com>\r\nRCPT TO:<b@example.com');
		expect(injected.errors[0].pointer).toBe('/email');
		const { body: lost } = await create('a@example.com', { lists: ['No such list'] });
		expect([lost.code, lost.errors[0].pointer]).toEqual(['list_unknown', '/lists/0']);
	});

	it('are changed, and erased so that an unsubscription outlives them', async () => {
		const { body } = await create('erase@example.com', { attributes: { a: { x: 1 }, b: 2 } });
		const url = `/api/contacts/${body.id}`;
		const patch = { attributes: { a: { y: 2 }, b: null }, name: 'Erna' };
		const changed = await marketing.call('PATCH', url, patch);
		expect(changed.body).toMatchObject({ name: 'Erna', attributes: { a: { x: 1, y: 2 } } });
		expect((await marketing.call('PATCH', url, { email: 'known@example.com' })).body.code).toBe(
			'email_taken',
		);
		await marketing.call('POST', `${url}/unsubscribe`);
		expect((await marketing.call('DELETE', url)).status).toBe(204);
		const { rows } = await marketing.db.query<{ email: null }>(
			`SELECT email FROM suppressions WHERE email_hash = email_hash('ERASE@example.com')`,
		);
		expect(rows).toEqual([{ email: null }]);
	});
});

describe('suppressions', () => {
	it('are added once, listed and lifted', async () => {
		const add = () => marketing.call('POST', '/api/suppressions', { email: 'No@example.com' });
		expect([(await add()).status, (await add()).status]).toEqual([201, 200]);
		const { body } = await marketing.call('GET', '/api/suppressions?limit=1');
		expect(body.data[0]).toMatchObject({ email: 'No@example.com', reason: 'manual' });
		const url = '/api/suppressions/no%40example.com';
		expect((await marketing.call('DELETE', url)).status).toBe(204);
		expect((await marketing.call('DELETE', url)).body.code).toBe('suppression_not_found');
	});

	it('are found by address or id without a look at all the others', async () => {
		const { db } = marketing;
		await db.query(
			`INSERT INTO suppressions (email_hash, email, reason)
			SELECT email_hash(email), email, 'test' FROM (SELECT 'no' || n || '@example.com' AS email
				FROM generate_series(1, 5000) n)`,
		);
		await db.query('ANALYZE suppressions');
		const idOf = 'SELECT id FROM suppressions WHERE email = $1';
		const { rows } = await db.query<{ id: string }>(idOf, ['no5000@example.com']);
		const read = await db.transaction(async (tx) => {
			// Of this session, whose earlier figures may not have been handed on yet.
			const rowsRead = async () => {
				const { rows: seen } = await tx.query<{ count: number }>(
					`SELECT seq_tup_read + idx_tup_fetch AS count FROM pg_stat_xact_user_tables
					WHERE relname = 'suppressions'`,
				);
				return seen[0]?.count ?? 0;
			};
			const before = await rowsRead();
			expect(await deleteSuppression(tx, 'NO4999@example.com')).toBe(true);
			expect(await deleteSuppression(tx, rows[0]?.id ?? '')).toBe(true);
			expect(await deleteSuppression(tx, rows[0]?.id.toUpperCase() ?? '')).toBe(false);
			return (await rowsRead()) - before;
		});
		expect(read).toBe(2);
	});
});
