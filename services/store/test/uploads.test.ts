import { type IncomingMessage, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { setInterval as every } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStoreApp } from './store-app.ts';

const LIMIT_MS = 300;
type Store = Awaited<ReturnType<typeof startStoreApp>>;
const stores: Store[] = [];
let patient: Store;
let hasty: Store;
beforeAll(async () => {
	const start = async (stallMs: number) => {
		const store = await startStoreApp({
			REQUEST_TIMEOUT_MS: String(LIMIT_MS),
			UPLOAD_STALL_MS: String(stallMs),
		});
		stores.push(store);
		await store.app.listen({ host: '127.0.0.1', port: 0 });
		return store;
	};
	patient = await start(60_000);
	hasty = await start(250);
});
afterAll(async () => {
	for (const store of stores) await store.close();
});

// Not by the API: its requests have to be read within the limit, too, however busy the machine is.
const productIn = async ({ db }: Store) => {
	const { rows } = await db.query<{ id: string }>(
		`INSERT INTO products (slug, title, status) VALUES ('film', 'Film', 'published') RETURNING id`,
	);
	return rows[0]?.id ?? '';
};
const upload = async (store: Store, productId: string) => {
	const address = store.app.server.address();
	if (address === null || typeof address === 'string') throw new Error('It does not listen.');
	const request = httpRequest({
		...{ host: '127.0.0.1', port: address.port, method: 'POST' },
		path: `/api/v1/products/${productId}/assets?version=1&fileName=film.mp4`,
		headers: { authorization: `Bearer ${store.key}`, 'content-type': 'application/octet-stream' },
	});
	const answer = new Promise<IncomingMessage>((resolve, reject) => {
		request.once('response', resolve).once('error', reject);
	}).then(async (response) => {
		const body = JSON.parse(await text(response));
		request.on('error', () => undefined).destroy();
		return { status: response.statusCode, body };
	});
	return { request, answer };
};

describe('the upload of a file', () => {
	it('takes as long as it takes, while bytes come', async () => {
		const id = await productIn(patient);
		const { request, answer } = await upload(patient, id);
		const from = performance.now();
		let size = 0;
		for await (const _tick of every(20)) {
			request.write('frame ');
			size += 6;
			if (performance.now() - from > 3 * LIMIT_MS) break;
		}
		request.end();
		const { status, body } = await answer;
		expect([status, body.size]).toEqual([201, size]);
	});

	it('is cut off when it stands still, and leaves nothing behind', async () => {
		const id = await productIn(hasty);
		const { request, answer } = await upload(hasty, id);
		request.write('the first frame');
		const { status, body } = await answer;
		expect([status, body.code]).toEqual([408, 'body_timeout']);
		const { body: assets } = await hasty.call('GET', `/api/v1/products/${id}/assets`);
		expect(assets.data).toEqual([]);
	});
});
