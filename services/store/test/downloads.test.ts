import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { z } from 'zod';
import { startStoreApp } from './store-app.ts';

const CONTENT = randomBytes(300_000);
let store: Awaited<ReturnType<typeof startStoreApp>>;
let productId: string;
let address: string;

beforeAll(async () => {
	store = await startStoreApp();
	address = await store.app.listen({ host: '127.0.0.1', port: 0 });
	productId = await createProduct('editor');
});
afterAll(() => {
	// fetch keeps connections open that it may want again.
	store.app.server.closeAllConnections();
	return store.close();
});

async function createProduct(sku: string): Promise<string> {
	const { body } = await store.call('POST', '/api/v1/products', {
		title: 'Editor',
		slug: sku,
		variants: [{ sku, price: { amount: 4900, currency: 'EUR' } }],
	});
	return z.object({ id: z.string() }).parse(body).id;
}

function upload(fileName: string, content = CONTENT, more = '', type = 'application/octet-stream') {
	return store.app.inject({
		method: 'POST',
		url: `/api/v1/products/${productId}/assets?version=1.4.0&fileName=${encodeURIComponent(fileName)}${more}`,
		headers: {
			authorization: `Bearer ${store.key}`,
			'content-type': type,
		},
		payload: content,
	});
}

let files = 0;
async function anAsset(more = ''): Promise<string> {
	const answer = await upload(`editor-${++files}.zip`, CONTENT, more);
	return z.object({ id: z.string() }).parse(answer.json()).id;
}

async function aLicense(more: object = {}) {
	const { body } = await store.call('POST', '/api/v1/licenses', {
		productId,
		email: 'ada@example.com',
		...more,
	});
	return z.object({ id: z.string(), key: z.string() }).parse(body);
}

const issued = z.object({ id: z.string(), url: z.string(), remaining: z.number().nullable() });
async function aLink(license: { id: string }, assetId: string) {
	const { body } = await store.call('POST', '/api/v1/downloads', {
		licenseId: license.id,
		assetId,
	});
	return issued.parse(body);
}

// Over a real connection: only there is it known whether the last byte has left.
async function get(url: string, headers: Record<string, string> = {}) {
	const { pathname, search } = new URL(url);
	const answer = await fetch(address + pathname + search, { headers });
	return {
		status: answer.status,
		headers: answer.headers,
		bytes: Buffer.from(await answer.arrayBuffer()),
	};
}

async function problemAt(url: string): Promise<unknown> {
	const { bytes } = await get(url);
	return JSON.parse(bytes.toString());
}

async function record(licenseId: string) {
	const { body } = await store.call('GET', `/api/v1/licenses/${licenseId}/downloads`);
	return z
		.object({
			data: z.array(
				z.looseObject({
					requests: z.number(),
					bytesServed: z.number(),
					completedAt: z.string().nullable(),
				}),
			),
			total: z.object({ issued: z.number(), completed: z.number(), bytesServed: z.number() }),
		})
		.parse(body);
}

async function eventsOf(licenseId: string): Promise<string[]> {
	const { rows } = await store.db.query<{ type: string }>(
		`SELECT type FROM outbox WHERE aggregate_id = $1 AND type LIKE 'download.%' ORDER BY seq`,
		[licenseId],
	);
	return rows.map(({ type }) => type);
}

describe('an asset', () => {
	it('is stored with its size and hash, and the same bytes again are the same asset', async () => {
		const first = await upload('manual.pdf');
		const again = await upload('manual.pdf');
		expect(first.statusCode).toBe(201);
		expect(first.json()).toMatchObject({
			version: '1.4.0',
			fileName: 'manual.pdf',
			contentType: 'application/pdf',
			size: CONTENT.length,
			sha256: createHash('sha256').update(CONTENT).digest('hex'),
		});
		expect(again.statusCode).toBe(200);
		expect(again.json()).toEqual(first.json());
	});

	it('is kept as its bytes, whatever type it is sent as', async () => {
		const json = Buffer.from('{"a": 1 }');
		for (const type of ['application/zip', 'application/json', 'text/plain; charset=utf-8']) {
			const answer = await upload(`look-${++files}.json`, json, '', type);
			expect({ status: answer.statusCode, size: answer.json().size }).toEqual({
				status: 201,
				size: json.length,
			});
		}
		const form = await upload('form.zip', CONTENT, '', 'multipart/form-data; boundary=x');
		expect(form.statusCode).toBe(415);
		expect(form.json().code).toBe('asset_expected');
	});

	it('is never replaced by other bytes', async () => {
		await upload('fixed.zip');
		const other = await upload('fixed.zip', Buffer.from('other'));
		expect([other.statusCode, other.json().code]).toEqual([409, 'asset_exists']);
	});

	it.each(['../secret', 'a/b', 'a\\b', '..', '.hidden', 'a\r\nset-cookie: x', ''])(
		'is not called %j',
		async (name) => {
			expect((await upload(name)).statusCode).toBe(400);
		},
	);
});

describe('a download', () => {
	it('gives the bytes under the name of the file, to be saved', async () => {
		const name = `Über die Dächer ${'x'.repeat(60)}.zip`;
		const { id } = z.object({ id: z.string() }).parse((await upload(name)).json());
		const { url } = await aLink(await aLicense(), id);
		const answer = await get(url);
		expect(answer.status).toBe(200);
		expect(answer.bytes.equals(CONTENT)).toBe(true);
		expect(answer.headers.get('content-disposition')).toMatch(
			/^attachment; filename="[\w.-]+"; filename\*=UTF-8''%C3%9Cber%20die/,
		);
		expect(answer.headers.get('content-type')).toBe('application/zip');
	});

	it('may be resumed: all ranges are one download, and its end is told once', async () => {
		const license = await aLicense({ maxDownloads: 1 });
		const { url } = await aLink(license, await anAsset());
		const parts: Buffer[] = [];
		for (let from = 0; from < CONTENT.length; from += 100_000) {
			const part = await get(url, { range: `bytes=${from}-${from + 99_999}` });
			expect(part.status).toBe(206);
			parts.push(part.bytes);
		}
		expect(Buffer.concat(parts).equals(CONTENT)).toBe(true);
		await until(async () => (await record(license.id)).total.completed === 1);
		expect(await record(license.id)).toMatchObject({
			data: [{ requests: 3, bytesServed: CONTENT.length }],
			total: { issued: 1, completed: 1, bytesServed: CONTENT.length },
		});
		expect(await eventsOf(license.id)).toEqual(['download.issued', 'download.completed']);
	});

	it('is given again, and not counted, until it was used to its end', async () => {
		const license = await aLicense({ maxDownloads: 2 });
		const asset = await anAsset();
		const first = await aLink(license, asset);
		expect(await aLink(license, asset)).toMatchObject({ id: first.id, remaining: 1 });
		await get(first.url);
		await until(async () => (await record(license.id)).total.completed === 1);
		const second = await aLink(license, asset);
		expect(second).toMatchObject({ remaining: 0 });
		expect(second.id).not.toBe(first.id);
	});

	it('is limited to what the licence allows, also when many ask at once', async () => {
		const license = await aLicense({ maxDownloads: 5 });
		const assets = await Promise.all(Array.from({ length: 8 }, () => anAsset()));
		const answers = await Promise.all(
			assets.flatMap((assetId) =>
				[1, 2, 3, 4, 5].map(() =>
					store.call('POST', '/api/v1/downloads', { licenseId: license.id, assetId }),
				),
			),
		);
		const links = answers.filter(({ status }) => status < 300);
		expect(new Set(links.map(({ body }) => issued.parse(body).id)).size).toBe(5);
		const refused = answers.filter(({ status }) => status === 409);
		expect(refused.length + links.length).toBe(40);
		expect((await record(license.id)).total.issued).toBe(5);
		expect((await eventsOf(license.id)).filter((type) => type.endsWith('limit_reached'))).toEqual([
			'download.limit_reached',
		]);
	});

	it('stops at once when the licence is revoked', async () => {
		const license = await aLicense();
		const { url } = await aLink(license, await anAsset());
		expect((await get(url, { range: 'bytes=0-9' })).status).toBe(206);
		await store.call('POST', `/api/v1/licenses/${license.id}/revoke`, {});
		expect(await problemAt(url)).toMatchObject({ status: 403, code: 'license_revoked' });
	});

	it('stops when the file was served twice over', async () => {
		const license = await aLicense();
		const { url, id } = await aLink(license, await anAsset());
		await store.db.query('UPDATE downloads SET bytes_served = $2 WHERE id = $1', [
			id,
			2 * CONTENT.length + 1024 * 1024,
		]);
		expect(await problemAt(url)).toMatchObject({ status: 410, code: 'download_used_up' });
	});

	it('opens one file: a link that was changed, has ended or is for another opens nothing', async () => {
		const license = await aLicense();
		const [one, two] = [
			await aLink(license, await anAsset()),
			await aLink(license, await anAsset()),
		];
		const swapped = one.url.replace(one.id, two.id);
		const renamed = one.url.replace(/editor-\d+\.zip/, '..%2F..%2Fetc%2Fpasswd');
		const later = one.url.replace(/expires=(\d+)/, (_, at) => `expires=${Number(at) + 1}`);
		for (const url of [swapped, renamed, later, one.url.replace(/signature=.*/, '')]) {
			expect(await problemAt(url)).toMatchObject({ status: 403, code: 'link_invalid' });
		}
		await store.db.query(`UPDATE downloads SET expires_at = now() WHERE id = $1`, [one.id]);
		expect((await get(one.url)).status).toBe(403);
	});

	it('ends with its asset', async () => {
		const asset = await anAsset();
		const { url } = await aLink(await aLicense(), asset);
		expect((await store.call('DELETE', `/api/v1/assets/${asset}`)).status).toBe(204);
		expect(await problemAt(url)).toMatchObject({ status: 410, code: 'asset_deleted' });
	});

	it('is for files of the product that the licence grants', async () => {
		const pro = await anAsset('&entitlement=pro');
		const license = await aLicense();
		const ask = (assetId: string, licenseId = license.id) =>
			store.call('POST', '/api/v1/downloads', { licenseId, assetId });
		expect(await ask(pro)).toMatchObject({ status: 409, body: { code: 'entitlement_missing' } });
		const other = await store.call('POST', '/api/v1/licenses', {
			productId: await createProduct('other'),
			email: 'eve@example.com',
		});
		const { id } = z.object({ id: z.string() }).parse(other.body);
		expect((await ask(pro, id)).status).toBe(404);
		const none = {
			download: false,
			commercialUse: true,
			redistribution: false,
			modification: false,
		};
		const { id: viewer } = await aLicense({ permissions: none });
		expect(await ask(pro, viewer)).toMatchObject({
			status: 409,
			body: { code: 'download_not_permitted' },
		});
	});

	it('is open to a buyer with the key alone', async () => {
		const { key } = await aLicense();
		const list = await store.app.inject({
			method: 'POST',
			url: '/public/licenses/assets',
			payload: { key },
		});
		const [asset] = z
			.object({ data: z.array(z.looseObject({ id: z.string() })) })
			.parse(list.json()).data;
		const answer = await store.app.inject({
			method: 'POST',
			url: '/public/licenses/downloads',
			payload: { key, assetId: asset?.id },
		});
		expect((await get(issued.parse(answer.json()).url)).status).toBe(200);
	});
});
