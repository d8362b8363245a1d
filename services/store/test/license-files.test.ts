import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
	createClient,
	createVerifier,
	isWellFormedKey,
	type LicenseServerError,
	LicenseServerUnreachable,
} from '@autopilot/license-client';
import { z } from 'zod';
import { startStoreApp } from './store-app.ts';

const FINGERPRINT = 'serial-0815';
let store: Awaited<ReturnType<typeof startStoreApp>>;
let client: ReturnType<typeof createClient>;
let productId: string;

beforeAll(async () => {
	store = await startStoreApp();
	const baseUrl = await store.app.listen({ host: '127.0.0.1', port: 0 });
	const { body } = await store.call('POST', '/api/v1/products', {
		title: 'Editor',
		variants: [{ sku: 'editor', price: { amount: 4900, currency: 'EUR' } }],
	});
	productId = z.object({ id: z.string() }).parse(body).id;
	client = createClient({ baseUrl, productId, timeoutMs: 60_000 });
});
afterAll(() => {
	// fetch keeps connections open that it may want again.
	store.app.server.closeAllConnections();
	return store.close();
});

async function aLicense(more: object = {}) {
	const { body } = await store.call('POST', '/api/v1/licenses', {
		productId,
		email: 'ada@example.com',
		...more,
	});
	return z.object({ id: z.string(), key: z.string() }).parse(body);
}

async function verifier() {
	return createVerifier({ keys: await client.fetchKeys() });
}

/** Past the seconds for which the list is remembered: what another process would answer. */
async function freshRevocations() {
	const { db } = store;
	const { signingKeys } = await import('../src/signing-keys/signing-keys.ts');
	const { revocations } = await import('../src/license-files/files.ts');
	return revocations(db, await signingKeys(db, store.config.SIGNING_SECRET).signer());
}

describe('a buyer with the client', () => {
	it('activates, gets a file, checks it offline, and shows life', async () => {
		const { id, key } = await aLicense({ maxDevices: 1, entitlements: ['export'] });
		expect(isWellFormedKey(key)).toBe(true);
		expect(isWellFormedKey(key.slice(0, -1) + (key.endsWith('0') ? '1' : '0'))).toBe(false);
		expect(await client.validate({ key, fingerprint: FINGERPRINT })).toMatchObject({
			valid: false,
			code: 'not_activated',
		});
		const { device, isNew } = await client.activate({ key, fingerprint: FINGERPRINT });
		expect(isNew).toBe(true);
		const { file } = await client.fetchFile({ key, fingerprint: FINGERPRINT, encrypt: true });
		const { verify } = await verifier();
		const answer = await verify(file, {
			key,
			fingerprint: FINGERPRINT,
			productId,
			entitlements: ['export'],
		});
		expect(answer).toMatchObject({
			code: 'valid',
			license: { id, product: { id: productId, title: 'Editor' }, limits: { devices: 1 } },
		});
		const beat = await client.heartbeat({ activationId: device.id, key, state: answer.state });
		expect(beat).toMatchObject({ code: 'valid', state: { seq: 1, licenseId: id } });
		expect(beat.state.seen).toBeGreaterThanOrEqual(answer.state.seen);
		await client.deactivate({ activationId: device.id, key });
		expect(await client.validate({ key, fingerprint: FINGERPRINT })).toMatchObject({
			code: 'not_activated',
		});
	});

	it('is told why the server refuses, and that it is away', async () => {
		const { key } = await aLicense({ maxDevices: 1 });
		await client.activate({ key, fingerprint: FINGERPRINT, label: 'Laptop' });
		const refusal = await client
			.activate({ key, fingerprint: 'serial-0816' })
			.catch((error: LicenseServerError) => error);
		expect(refusal).toMatchObject({
			status: 409,
			code: 'device_limit',
			devices: [{ label: 'Laptop' }],
		});
		const away = createClient({ baseUrl: 'http://127.0.0.1:9' });
		await expect(away.validate({ key })).rejects.toBeInstanceOf(LicenseServerUnreachable);
	});

	it('counts what the licence limits', async () => {
		const { key } = await aLicense({ counters: { exports: { limit: 1, period: 'none' } } });
		expect(await client.count({ key, counter: 'exports' })).toMatchObject({ remaining: 0 });
		await expect(client.count({ key, counter: 'exports' })).rejects.toMatchObject({
			code: 'usage_limit',
		});
	});
});

describe('licence files', () => {
	it('go only to devices that have a seat', async () => {
		const { key } = await aLicense({ maxDevices: 1 });
		await expect(client.fetchFile({ key })).rejects.toMatchObject({ code: 'fingerprint_missing' });
		await expect(client.fetchFile({ key, fingerprint: FINGERPRINT })).rejects.toMatchObject({
			code: 'device_not_activated',
		});
	});

	it('live no longer than the policy and the licence say', async () => {
		const soon = new Date(Date.now() + 3_600_000);
		const { key } = await aLicense({ expiresAt: soon.toISOString() });
		const { expiresAt } = await client.fetchFile({ key, ttlSeconds: 86_400 });
		expect(expiresAt).toBe(soon.toISOString());
		const endless = await aLicense({ fileTtlSeconds: 600 });
		const file = await client.fetchFile({ key: endless.key, ttlSeconds: 86_400 });
		expect(Date.parse(file.expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
	});

	it('are on the signed list once the licence is revoked, and off it when it is reinstated', async () => {
		const { id, key } = await aLicense();
		const { file } = await client.fetchFile({ key });
		const { verify } = await verifier();
		const codeNow = async () =>
			(await verify(file, { revocations: await freshRevocations() })).code;
		expect(await codeNow()).toBe('valid');
		await store.call('POST', `/api/v1/licenses/${id}/suspend`, {});
		expect(await codeNow()).toBe('revoked');
		await store.call('POST', `/api/v1/licenses/${id}/reinstate`, {});
		expect(await codeNow()).toBe('valid');
	});

	it('are on it when their device gave its seat back, or the key was rotated', async () => {
		const { id, key } = await aLicense({ maxDevices: 2 });
		const { device } = await client.activate({ key, fingerprint: FINGERPRINT });
		await client.activate({ key, fingerprint: 'serial-0816' });
		const one = await client.fetchFile({ key, fingerprint: FINGERPRINT });
		const two = await client.fetchFile({ key, fingerprint: 'serial-0816' });
		const { verify } = await verifier();
		await client.deactivate({ activationId: device.id, key });
		const revocations = await freshRevocations();
		expect((await verify(one.file, { fingerprint: FINGERPRINT, revocations })).code).toBe(
			'revoked',
		);
		expect((await verify(two.file, { fingerprint: 'serial-0816', revocations })).code).toBe(
			'valid',
		);
		await store.call('POST', `/api/v1/licenses/${id}/rotate`);
		expect(
			(
				await verify(two.file, {
					fingerprint: 'serial-0816',
					revocations: await freshRevocations(),
				})
			).code,
		).toBe('revoked');
	});

	it('are published as a list that the client accepts', async () => {
		const { key } = await aLicense();
		const { file } = await client.fetchFile({ key });
		const { verify } = await verifier();
		expect((await verify(file, { revocations: await client.fetchRevocations() })).code).toBe(
			'valid',
		);
	});
});

describe('signing keys', () => {
	const rotate = async (activeAfterSeconds: number) => {
		const { body } = await store.call('POST', '/api/v1/signing-keys/rotate', {
			activeAfterSeconds,
		});
		return z.object({ kid: z.string(), state: z.string() }).parse(body);
	};
	const kids = async () => (await client.fetchKeys()).keys.map(({ kid }) => kid);

	it('are published before they sign, and as long as files run that they have signed', async () => {
		const { key } = await aLicense();
		const old = await client.fetchFile({ key });
		const coming = await rotate(3600);
		expect(coming.state).toBe('coming');
		expect(await kids()).toEqual(expect.arrayContaining([old.kid, coming.kid]));
		expect((await client.fetchFile({ key })).kid).toBe(old.kid);
		const active = await rotate(0);
		const young = await client.fetchFile({ key });
		expect(young.kid).toBe(active.kid);
		const { verify } = await verifier();
		expect((await verify(old.file)).code).toBe('valid');
		expect((await verify(young.file)).code).toBe('valid');
		await store.db.query(`UPDATE license_files SET expires_at = now() WHERE kid = $1`, [old.kid]);
		expect(await kids()).not.toContain(old.kid);
	});

	it('are withdrawn at once when they may be in wrong hands', async () => {
		const { key } = await aLicense();
		const { file, kid } = await client.fetchFile({ key });
		await rotate(0);
		await store.call('POST', `/api/v1/signing-keys/${kid}/revoke`, {});
		expect((await (await verifier()).verify(file)).code).toBe('unknown_kid');
	});

	it('are kept encrypted', async () => {
		const { rows } = await store.db.query<{ sealed: Buffer }>(
			'SELECT private_key_sealed AS sealed FROM signing_keys',
		);
		// Every Ed25519 key in PKCS #8 begins so.
		const begin = Buffer.from('302e020100300506032b6570', 'hex');
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.some(({ sealed }) => sealed.includes(begin))).toBe(false);
	});
});
