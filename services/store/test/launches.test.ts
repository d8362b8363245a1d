import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
beforeAll(async () => {
	store = await startStoreApp();
});
afterAll(() => store.close());

const PRODUCTS = '/api/v1/products';
async function createProduct(sku: string): Promise<string> {
	const variants = [{ sku, price: { amount: 4999, currency: 'EUR' } }];
	return (await store.call('POST', PRODUCTS, { title: sku, variants })).body.id;
}
const begin = (id: string, run = '7', more: object = {}) =>
	store.call('POST', `${PRODUCTS}/${id}/launch`, { run, ...more });
const note = (id: string, patch: object) => store.call('PATCH', `${PRODUCTS}/${id}/launch`, patch);
const takeUp = (id: string, attempt: number, quietMinutes = 0) =>
	store.call('POST', `${PRODUCTS}/${id}/launch/take-up`, { attempt, quietMinutes });
async function begun(sku: string, more: object = {}): Promise<string> {
	const id = await createProduct(sku);
	await begin(id, '7', more);
	return id;
}

describe('a launch', () => {
	it('is noted from its begin to its end', async () => {
		const id = await createProduct('B-1');
		expect((await store.call('GET', `${PRODUCTS}/${id}/launch`)).status).toBe(404);
		const first = await begin(id, '41');
		expect(first).toMatchObject({
			status: 200,
			body: { productId: id, state: 'running', step: 'begun', run: '41', attempts: 1 },
		});
		expect((await note(id, { step: 'video' })).body).toMatchObject({
			step: 'video',
			endedAt: null,
		});
		await note(id, { state: 'succeeded' });
		const { body } = await store.call('GET', `${PRODUCTS}/${id}/launch`);
		expect(body).toMatchObject({ state: 'succeeded', step: 'video' });
		expect(body.endedAt).not.toBeNull();
	});

	it('keeps its start in another run, so that what was made for it is found again', async () => {
		const id = await begun('B-2');
		const { startedAt } = (await takeUp(id, 2)).body;
		expect((await begin(id, '8')).body).toMatchObject({ run: '8', attempts: 2, startedAt });
		await note(id, { state: 'succeeded' });
		expect((await begin(id, '9')).body).toMatchObject({ state: 'running', startedAt });
	});

	it('that has failed starts anew', async () => {
		const id = await begun('B-3');
		// A moment ago, as the clock of the answers counts milliseconds.
		await store.db.query(
			`UPDATE launches SET started_at = started_at - interval '1 second' WHERE product_id = $1`,
			[id],
		);
		const { body: failed } = await note(id, { state: 'failed', reason: 'no such list' });
		expect(failed).toMatchObject({ state: 'failed', reason: 'no such list' });
		const { body } = await begin(id, '8');
		expect(body).toMatchObject({ state: 'running', attempts: 1, reason: null, endedAt: null });
		expect(Date.parse(body.startedAt)).toBeGreaterThan(Date.parse(failed.startedAt));
	});

	it('is refused for a product that is none, or out of the catalogue', async () => {
		expect((await begin('019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77')).status).toBe(404);
		const id = await createProduct('B-4');
		await store.call('POST', `${PRODUCTS}/${id}/archive`);
		expect(await begin(id)).toMatchObject({ status: 409, body: { code: 'product_archived' } });
		expect((await note(id, { step: 'video' })).status).toBe(404);
	});
});

describe('taking a launch up', () => {
	it('gives it to one of those who try at once', async () => {
		const id = await begun('T-1');
		const answers = await Promise.all([1, 2, 3].map(() => takeUp(id, 2)));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
		expect((await takeUp(id, 3)).body.attempts).toBe(3);
	});

	it('is refused when it has ended', async () => {
		const id = await begun('T-2');
		await note(id, { state: 'succeeded' });
		expect(await takeUp(id, 2)).toMatchObject({ status: 409, body: { code: 'launch_not_lost' } });
	});
});

describe('launches that nobody attends to', () => {
	const unattended = async (): Promise<string[]> => {
		const { body } = await store.call('GET', '/api/v1/launches?unattendedMinutes=10');
		return body.data.map(({ productId }: { productId: string }) => productId).sort();
	};
	/** Lets time pass for all of them. */
	const pass = (minutes: number) =>
		store.db.query('UPDATE launches SET quiet_until = quiet_until - make_interval(mins => $1)', [
			minutes,
		]);

	it('are those that run, are not expected to be quiet, and were not heard of', async () => {
		await store.db.query('DELETE FROM launches');
		const lost = await begun('U-1');
		const waiting = await begun('U-2', { quietMinutes: 240 });
		const [ended, archived] = [await begun('U-3'), await begun('U-4')];
		await createProduct('U-5');
		await note(ended, { state: 'succeeded' });
		await store.call('POST', `${PRODUCTS}/${archived}/archive`);
		expect(await unattended()).toEqual([]);
		await pass(11);
		const fresh = await begun('U-6');
		expect(await unattended()).toEqual([lost]);
		await note(lost, { step: 'video' });
		expect(await unattended()).toEqual([]);
		await pass(235);
		expect(await unattended()).toEqual([lost, fresh].sort());
		await pass(10);
		expect(await unattended()).toEqual([lost, fresh, waiting].sort());
	});

	it('are left alone for as long as the one who took them up asks for', async () => {
		const id = await begun('U-7');
		await pass(11);
		await takeUp(id, 2, 20);
		await begin(id, '8');
		expect(await unattended()).not.toContain(id);
		await pass(31);
		expect(await unattended()).toContain(id);
	});

	it('are listed page by page', async () => {
		const first = await store.call('GET', '/api/v1/launches?limit=1');
		const second = await store.call(
			'GET',
			`/api/v1/launches?limit=1&cursor=${first.body.nextCursor}`,
		);
		expect(second.body.data[0].productId).not.toBe(first.body.data[0].productId);
	});
});
