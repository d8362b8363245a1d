import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startStoreProcesses } from './store-processes.ts';

const DEVICES = 200;

let store: Awaited<ReturnType<typeof startStoreProcesses>>;
let productId: string;
beforeAll(async () => {
	store = await startStoreProcesses(4);
	const { body } = await store.call('POST', '/api/v1/products', {
		title: 'Editor',
		variants: [{ sku: 'editor', price: { amount: 4900, currency: 'EUR' } }],
	});
	productId = z.object({ id: z.string() }).parse(body).id;
}, 400_000);
afterAll(() => store.close());

async function aLicense(more: object) {
	const { body } = await store.call('POST', '/api/v1/licenses', {
		productId,
		email: 'ada@example.com',
		activationsPerHour: null,
		...more,
	});
	return z.object({ id: z.string(), key: z.string() }).parse(body);
}

function activate(key: string, device: number, more: object = {}) {
	const fingerprint = `serial-${String(device).padStart(4, '0')}`;
	return store.call('POST', '/api/v1/licenses/activations', { key, fingerprint, ...more });
}

const activation = z.looseObject({ device: z.looseObject({ id: z.string() }) });

/** What the licence counts, and what rows there are. */
async function seatsOf(licenseId: string) {
	const { rows } = await store.db.query<{ counted: number; rows: number }>(
		`SELECT l.device_count AS counted,
			(SELECT count(*) FROM activations a WHERE a.license_id = l.id) AS rows
		FROM licenses l WHERE l.id = $1`,
		[licenseId],
	);
	return rows[0];
}

async function eventsOf(licenseId: string, type: string): Promise<number> {
	const { rows } = await store.db.query<{ count: number }>(
		'SELECT count(*) AS count FROM outbox WHERE aggregate_id = $1 AND type = $2',
		[licenseId, type],
	);
	return rows[0]?.count ?? 0;
}

describe(`${DEVICES} devices at once, in four processes`, () => {
	it('exactly one gets the one seat; the others are told who has it', async () => {
		const { id, key } = await aLicense({ maxDevices: 1 });
		const answers = await Promise.all(
			Array.from({ length: DEVICES }, (_, device) => activate(key, device)),
		);
		const refused = answers.filter(({ status }) => status !== 201);
		expect(refused).toHaveLength(DEVICES - 1);
		for (const { status, body } of refused) {
			expect([status, body.code, body.devices.length]).toEqual([409, 'device_limit', 1]);
		}
		expect(JSON.stringify(refused)).not.toContain('serial-');
		expect(await seatsOf(id)).toEqual({ counted: 1, rows: 1 });
		expect(await eventsOf(id, 'license.activated')).toBe(1);
		expect(await eventsOf(id, 'license.limit_reached')).toBe(1);
	});

	it('one device that asks so often gets one activation', async () => {
		const { id, key } = await aLicense({ maxDevices: 3 });
		const answers = await Promise.all(Array.from({ length: DEVICES }, () => activate(key, 1)));
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(DEVICES - 1);
		expect(new Set(answers.map(({ body }) => activation.parse(body).device.id)).size).toBe(1);
		expect(await seatsOf(id)).toEqual({ counted: 1, rows: 1 });
	});

	it('those that come and go leave as many counted as there are', async () => {
		const seats = 3;
		const { id, key } = await aLicense({ maxDevices: seats });
		const seen: { counted: number; rows: number }[] = [];
		await Promise.all(
			Array.from({ length: 20 }, async (_, device) => {
				for (let round = 0; round < 5; round++) {
					const { status, body } = await activate(key, device, { takeOver: round === 4 });
					const now = await seatsOf(id);
					if (now !== undefined) seen.push(now);
					if (status !== 201) continue;
					const { device: made } = activation.parse(body);
					await store.call('DELETE', `/api/v1/licenses/activations/${made.id}`);
				}
			}),
		);
		expect(seen.filter(({ counted, rows }) => counted !== rows || rows > seats)).toEqual([]);
		const left = await seatsOf(id);
		expect(left?.counted).toBe(left?.rows);
		const [came, went] = [
			await eventsOf(id, 'license.activated'),
			await eventsOf(id, 'license.deactivated'),
		];
		expect(came - went).toBe(left?.rows);
	});
});

it('200 ask at once for a link, in four processes: no more are given than the licence allows', async () => {
	const { id } = await aLicense({ maxDownloads: 5 });
	const { rows: assets } = await store.db.query<{ id: string }>(
		`INSERT INTO assets (product_id, version, file_name, content_type, size, sha256, storage_key)
		SELECT $1, '1.' || n, 'editor.zip', 'application/zip', 0, '', 'assets/none'
		FROM generate_series(1, 40) n RETURNING id`,
		[productId],
	);
	const answers = await Promise.all(
		Array.from({ length: 200 }, (_, n) =>
			store.call('POST', '/api/v1/downloads', {
				licenseId: id,
				assetId: assets[n % assets.length]?.id,
			}),
		),
	);
	const given = answers.filter(({ status }) => status === 200 || status === 201);
	const refused = answers.filter(({ status }) => status === 409);
	expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
	expect(new Set(given.map(({ body }) => body.id)).size).toBe(5);
	expect(given.length + refused.length).toBe(200);
	expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['download_limit']));
	const { rows } = await store.db.query(
		`SELECT download_count AS counted, (SELECT count(*) FROM downloads WHERE license_id = $1) AS rows
		FROM licenses WHERE id = $1`,
		[id],
	);
	expect(rows).toEqual([{ counted: 5, rows: 5 }]);
});

describe('a seat', () => {
	it('is taken over from the device that was seen longest ago', async () => {
		const { id, key } = await aLicense({ maxDevices: 2 });
		const first = activation.parse((await activate(key, 1)).body).device;
		const second = activation.parse((await activate(key, 2)).body).device;
		const check = (device: number) =>
			store.call('POST', '/api/v1/licenses/validate', {
				key,
				fingerprint: `serial-000${device}`,
			});
		await store.db.query(
			`UPDATE activations SET last_seen_at = now() - interval '1 day' WHERE id = $1`,
			[second.id],
		);
		expect((await activate(key, 3)).status).toBe(409);
		expect(await activate(key, 3, { takeOver: true })).toMatchObject({
			status: 201,
			body: { replaced: { id: second.id }, limits: { max: 2, used: 2 } },
		});
		expect((await check(1)).body).toMatchObject({ code: 'valid', device: { id: first.id } });
		expect((await check(2)).body).toMatchObject({ code: 'device_limit', valid: false });
		expect(await seatsOf(id)).toEqual({ counted: 2, rows: 2 });
	});

	it('is given back by its holder with the key, and by nobody without it', async () => {
		const { id, key } = await aLicense({ maxDevices: 1 });
		const { device } = activation.parse((await activate(key, 1)).body);
		const path = `/public/licenses/activations/${device.id}`;
		const other = await aLicense({});
		expect((await store.call('POST', `${path}/deactivate`, { key: other.key })).status).toBe(404);
		expect((await store.call('POST', `${path}/heartbeat`, { key: other.key })).status).toBe(404);
		expect((await store.call('POST', `${path}/heartbeat`, { key })).body).toMatchObject({
			code: 'valid',
		});
		expect((await store.call('POST', `${path}/deactivate`, { key })).status).toBe(204);
		expect((await store.call('POST', `${path}/heartbeat`, { key })).status).toBe(404);
		expect(await seatsOf(id)).toEqual({ counted: 0, rows: 0 });
	});

	it('is not given so often that a key could be passed around', async () => {
		const { key } = await aLicense({ activationsPerHour: 2 });
		const codes = [];
		for (const device of [1, 2, 3]) codes.push((await activate(key, device)).status);
		expect(codes).toEqual([201, 201, 429]);
		expect((await activate(key, 1)).status).toBe(200);
	});

	it.each(['suspended', 'revoked'])('is not given by a licence that is %s', async (state) => {
		const { id, key } = await aLicense({ maxDevices: 1 });
		await store.call(
			'POST',
			`/api/v1/licenses/${id}/${state === 'revoked' ? 'revoke' : 'suspend'}`,
			{},
		);
		const { status, body } = await activate(key, 1);
		expect([status, body.code]).toEqual([409, `license_${state}`]);
	});
});
