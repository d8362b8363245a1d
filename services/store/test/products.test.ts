import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
beforeAll(async () => {
	store = await startStoreApp();
});
afterAll(() => store.close());

const lamp = (sku: string, more: object = {}) => ({
	title: `Lamp ${sku}`,
	variants: [{ sku, price: { amount: 4999, currency: 'EUR' }, stock: 5 }],
	...more,
});
const create = async (sku: string, more: object = {}) =>
	(await store.call('POST', '/api/v1/products', lamp(sku, more))).body;
const eventsOf = async (id: string) => {
	const { rows } = await store.db.query<{ type: string; seq: number; data: { title: string } }>(
		'SELECT type, seq, data FROM outbox WHERE aggregate_id = $1 ORDER BY seq',
		[id],
	);
	return rows;
};
const PRODUCTS = '/api/v1/products';

describe('creating a product', () => {
	it('stores it with its variants and tells product.created with all of it', async () => {
		const input = lamp('C-1', {
			title: 'Éclair Lamp, 2nd',
			tags: ['light'],
			media: [{ kind: 'image', url: 'https://example.com/a.jpg', alt: 'A lamp' }],
			attributes: { features: ['dimmable'] },
		});
		const { status, body } = await store.call('POST', PRODUCTS, input);
		expect(status).toBe(201);
		expect(body).toMatchObject({ slug: 'eclair-lamp-2nd', status: 'draft', publishedAt: null });
		expect(body.variants[0]).toMatchObject({ sku: 'C-1', stock: 5, price: { amount: 4999 } });
		const events = await eventsOf(body.id);
		expect(events.map(({ type }) => type)).toEqual(['product.created']);
		expect(events[0]?.data).toEqual(body);
	});

	it('happens once for one Idempotency-Key', async () => {
		const headers = { 'idempotency-key': 'create-lamp' };
		const first = await store.call('POST', PRODUCTS, lamp('C-2'), headers);
		const again = await store.call('POST', PRODUCTS, lamp('C-2'), headers);
		expect(again).toEqual(first);
		expect(await eventsOf(first.body.id)).toHaveLength(1);
	});

	it.each([
		[
			'a fraction of a cent',
			{ variants: [{ sku: 'X', price: { amount: 1.5, currency: 'EUR' } }] },
			'/variants/0/price/amount',
		],
		[
			'a price below nothing',
			{ variants: [{ sku: 'X', price: { amount: -1, currency: 'EUR' } }] },
			'/variants/0/price/amount',
		],
		[
			'a made-up currency',
			{ variants: [{ sku: 'X', price: { amount: 1, currency: 'euro' } }] },
			'/variants/0/price/currency',
		],
		['no variant', { variants: [] }, '/variants'],
		[
			'a script as a picture',
			{ media: [{ kind: 'image', url: 'javascript:alert(1)' }] },
			'/media/0/url',
		],
		['an odd slug', { slug: 'Not A Slug' }, '/slug'],
	])('refuses %s and points to it', async (_name, more, pointer) => {
		const { status, body } = await store.call('POST', PRODUCTS, lamp('BAD', more));
		expect(status).toBe(400);
		expect(body.errors[0].pointer).toBe(pointer);
	});

	it('refuses a slug or SKU that is taken, and keeps nothing of the product', async () => {
		await create('C-3', { slug: 'taken' });
		const slug = await store.call('POST', PRODUCTS, lamp('C-4', { slug: 'taken' }));
		const sku = await store.call('POST', PRODUCTS, lamp('C-3', { title: 'Other' }));
		expect([slug.body.code, sku.body.code]).toEqual(['slug_taken', 'sku_taken']);
		expect((await store.call('GET', `${PRODUCTS}/other`)).status).toBe(404);
	});
});

describe('a product', () => {
	it('is found by id and by slug', async () => {
		const { id } = await create('F-1', { slug: 'findable' });
		expect((await store.call('GET', `${PRODUCTS}/${id}`)).body.slug).toBe('findable');
		expect((await store.call('GET', `${PRODUCTS}/findable`)).body.id).toBe(id);
		expect((await store.call('GET', `${PRODUCTS}/nothing`)).body.code).toBe('product_not_found');
	});

	it('merges attributes and replaces lists when it is changed', async () => {
		const { id } = await create('U-1', { attributes: { a: { x: 1, y: 2 }, b: 1 }, tags: ['old'] });
		const patch = { attributes: { a: { y: null, z: 3 }, b: null }, tags: ['new'] };
		const { body } = await store.call('PATCH', `${PRODUCTS}/${id}`, patch);
		expect(body.attributes).toEqual({ a: { x: 1, z: 3 } });
		expect(body.tags).toEqual(['new']);
		expect((await store.call('PATCH', `${PRODUCTS}/${id}`, {})).status).toBe(400);
	});

	it('keeps every change of two that come at once', async () => {
		const { id } = await create('U-2');
		await Promise.all(
			['a', 'b', 'c', 'd'].map((name) =>
				store.call('PATCH', `${PRODUCTS}/${id}`, { attributes: { [name]: 1 } }),
			),
		);
		const { body } = await store.call('GET', `${PRODUCTS}/${id}`);
		expect(body.attributes).toEqual({ a: 1, b: 1, c: 1, d: 1 });
		expect((await eventsOf(id)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
	});

	it('is published once, archived, and deleted, each told', async () => {
		const { id } = await create('P-1');
		await store.call('POST', `${PRODUCTS}/${id}/publish`);
		const again = await store.call('POST', `${PRODUCTS}/${id}/publish`);
		expect(again.body.status).toBe('published');
		await store.call('POST', `${PRODUCTS}/${id}/archive`);
		expect((await store.call('DELETE', `${PRODUCTS}/${id}`)).status).toBe(204);
		expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
			'product.created',
			'product.published',
			'product.archived',
			'product.deleted',
		]);
	});

	it('takes a picture once', async () => {
		const { id } = await create('M-1');
		const video = { kind: 'video', url: 'https://example.com/v.mp4' };
		await store.call('POST', `${PRODUCTS}/${id}/media`, video);
		const { body } = await store.call('POST', `${PRODUCTS}/${id}/media`, video);
		expect(body.media).toEqual([video]);
	});
});

describe('variants and stock', () => {
	it('are added, changed and deleted', async () => {
		const { id } = await create('V-1');
		const added = await store.call('POST', `${PRODUCTS}/${id}/variants`, {
			sku: 'V-2',
			price: { amount: 700, currency: 'JPY' },
		});
		const variantId = added.body.variants[1].id;
		const changed = await store.call('PATCH', `/api/v1/variants/${variantId}`, { title: 'Big' });
		expect(changed.body.variants[1]).toMatchObject({ sku: 'V-2', title: 'Big', stock: 0 });
		expect((await store.call('DELETE', `/api/v1/variants/${variantId}`)).status).toBe(204);
		expect((await store.call('DELETE', `/api/v1/variants/${variantId}`)).status).toBe(404);
	});

	it('never sell more than there is, however many ask at once', async () => {
		const { variants } = await create('S-1');
		const url = `/api/v1/variants/${variants[0].id}/stock`;
		const answers = await Promise.all(
			Array.from({ length: 12 }, () => store.call('POST', url, { delta: -1 })),
		);
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
		expect(answers.filter(({ body }) => body.code === 'stock_too_low')).toHaveLength(7);
		const counted = await store.call('POST', url, { set: 40 });
		expect(counted.body.variants[0].stock).toBe(40);
		const { rows } = await store.db.query(
			'SELECT sum(delta)::int AS sum FROM stock_movements WHERE variant_id = $1',
			[variants[0].id],
		);
		expect(rows[0]?.sum).toBe(40);
	});
});

describe('the list', () => {
	it('shows every change at once, though it keeps what it has shown', async () => {
		const { id, variants } = await create('K-1', { tags: ['kept'] });
		const [first] = variants;
		const shown = async () => (await store.call('GET', `${PRODUCTS}?tag=kept`)).body.data;
		const both = async () => [
			...(await shown()),
			(await store.call('GET', `${PRODUCTS}/${id}`)).body,
		];
		for (const [method, path, change, expected] of [
			['PATCH', `${PRODUCTS}/${id}`, { title: 'Renamed' }, { title: 'Renamed' }],
			['POST', `${PRODUCTS}/${id}/publish`, {}, { status: 'published' }],
			['POST', `/api/v1/variants/${first.id}/stock`, { delta: -2 }, { variants: [{ stock: 3 }] }],
			[
				...(['PATCH', `/api/v1/variants/${first.id}`] as const),
				...[{ price: { amount: 1, currency: 'JPY' } }, { variants: [{ price: { amount: 1 } }] }],
			],
			[
				...(['POST', `${PRODUCTS}/${id}/variants`] as const),
				...[
					{ sku: 'K-2', price: { amount: 2, currency: 'JPY' }, stock: 7 },
					{ variants: [{ stock: 3 }, { stock: 7, available: 7 }] },
				],
			],
		] as const) {
			const before = await both();
			await store.call(method, path, change);
			const after = await both();
			expect(after).toMatchObject([expected, expected]);
			expect(after[0]).toEqual(after[1]);
			expect(after).not.toEqual(before);
		}
		await store.call('DELETE', `${PRODUCTS}/${id}`);
		expect(await shown()).toEqual([]);
		expect((await store.call('GET', `${PRODUCTS}/${id}`)).status).toBe(404);
	});

	it('pages through everything once, also while products are added', async () => {
		for (let i = 0; i < 7; i++) await create(`L-${i}`, { tags: ['listed'] });
		const seen: string[] = [];
		let cursor: string | null = '';
		while (cursor !== null) {
			const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
			const { body } = await store.call('GET', `${PRODUCTS}?tag=listed&limit=3${query}`);
			seen.push(...body.data.map((p: { variants: { sku: string }[] }) => p.variants[0]?.sku));
			cursor = body.nextCursor;
			await create(`L-new-${seen.length}`, { tags: ['listed'] });
		}
		expect(seen).toEqual(['L-6', 'L-5', 'L-4', 'L-3', 'L-2', 'L-1', 'L-0']);
	});

	it('filters by text, price and status', async () => {
		const { id } = await create('T-1', {
			title: 'Walnut reading desk',
			description: 'Made of oiled wood',
			variants: [{ sku: 'T-1', price: { amount: 123_456, currency: 'CHF' } }],
			status: 'published',
		});
		const idsOf = async (query: string) =>
			(await store.call('GET', `${PRODUCTS}?${query}`)).body.data.map((p: { id: string }) => p.id);
		expect(await idsOf('q=desk%20wal')).toEqual([id]);
		expect(await idsOf('q=oiled')).toEqual([id]);
		expect(await idsOf(`q=${encodeURIComponent("desk' | !:* & (")}`)).toEqual([id]);
		expect(await idsOf('q=desk&status=draft')).toEqual([]);
		expect(await idsOf('currency=CHF&minPrice=100000&maxPrice=200000')).toEqual([id]);
		expect(await idsOf('currency=CHF&maxPrice=100000')).toEqual([]);
	});

	it('refuses a cursor that it has not given out', async () => {
		const { status, body } = await store.call('GET', `${PRODUCTS}?cursor=bm9uc2Vuc2U`);
		expect([status, body.code]).toEqual([400, 'invalid_cursor']);
	});
});
