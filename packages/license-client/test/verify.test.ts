import { beforeAll, describe, expect, it } from '@jest/globals';
import { createVerifier, type Verifier, type VerifyOptions } from '@autopilot/license-client';
import { armour, hashOf, seller } from './seller.ts';

const DAY = 86_400;
const NOW = 1_800_000_000;
const at = (seconds: number) => new Date(seconds * 1000);
const FINGERPRINT = 'serial-0815';

const claims = {
	v: 1,
	lic: '01990000-0000-7000-8000-000000000001',
	jti: '01990000-0000-7000-8000-00000000000f',
	seq: 4,
	iat: NOW,
	nbf: NOW,
	exp: NOW + 30 * DAY,
	fp: null as string | null,
	product: { id: '01990000-0000-7000-8000-000000000002', title: 'Editor' },
	holder: { name: 'Ada', email: 'ada@example.com' },
	type: 'subscription',
	permissions: { download: true, commercialUse: true, redistribution: false, modification: false },
	entitlements: ['read', 'write'],
	limits: { devices: 1, downloads: null },
	grace: { warnDays: 2, limitDays: 3, limitEntitlements: ['read'] },
	expiresAt: (NOW + 10 * DAY) as number | null,
	endsAt: (NOW + 15 * DAY) as number | null,
};
type Claims = typeof claims;

const shop = seller();
let verifier: Verifier;
beforeAll(async () => {
	verifier = await createVerifier({ keys: shop.keys });
});

const file = (more: Partial<Claims> = {}) => shop.write({ ...claims, ...more });
async function codeOf(text: string | Uint8Array, options: VerifyOptions = {}) {
	return (await verifier.verify(text, { now: at(NOW), ...options })).code;
}

describe('a licence file that is right', () => {
	it('is valid, and says what it grants to whom', async () => {
		expect(await verifier.verify(file(), { now: at(NOW + 5) })).toMatchObject({
			valid: true,
			code: 'valid',
			license: {
				product: { title: 'Editor' },
				holder: { name: 'Ada' },
				stage: 'ok',
				entitlements: ['read', 'write'],
			},
			state: { seen: NOW + 5, seq: 4, licenseId: claims.lic },
		});
	});

	it('may have been through an editor of another system, and come as bytes', async () => {
		expect(await codeOf(`${file().replaceAll('\n', '\r\n')}\r\n`)).toBe('valid');
		expect(await codeOf(Buffer.from(`${file()}\n\n`))).toBe('valid');
	});

	it('degrades after its end: warn, then limit, then blocked', async () => {
		const stageAt = async (days: number) => {
			const { code, license } = await verifier.verify(file(), { now: at(NOW + days * DAY) });
			return [code, license?.stage, license?.entitlements];
		};
		expect(await stageAt(9)).toEqual(['valid', 'ok', ['read', 'write']]);
		expect(await stageAt(11)).toEqual(['grace', 'warn', ['read', 'write']]);
		expect(await stageAt(13)).toEqual(['grace', 'limit', ['read']]);
		expect(await stageAt(15)).toEqual(['expired', 'blocked', []]);
	});

	it('opens for its device with its key when it is sealed, and shows nothing to others', async () => {
		const sealFor = { key: 'AP0123456789', fingerprint: FINGERPRINT };
		const sealed = shop.write({ ...claims, fp: hashOf(FINGERPRINT) }, sealFor);
		const holder = { key: 'ap-o123-4567 89', fingerprint: FINGERPRINT };
		const payload = sealed.split('\n').slice(1, -1).join('').split('.')[3] ?? '';
		expect(Buffer.from(payload, 'base64url').includes('ada@example.com')).toBe(false);
		expect(await codeOf(sealed, holder)).toBe('valid');
		expect(await codeOf(sealed, { ...holder, fingerprint: 'another-one' })).toBe('other_device');
		expect(await codeOf(sealed, { ...holder, key: 'AP-9' })).toBe('other_device');
		expect(await codeOf(sealed)).toBe('other_device');
	});
});

describe('a licence file is refused', () => {
	it('tampered: for every bit that is flipped', async () => {
		const bytes = Buffer.from(file());
		const codes = new Set<string>();
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const damaged = Buffer.from(bytes);
			damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			codes.add(await codeOf(damaged));
		}
		expect([...codes]).toEqual(['tampered']);
	});

	it('for every bit that is flipped by somebody who mends the checksum', async () => {
		const body = file().split('\n').slice(1, -1).join('');
		const signed = Buffer.from(body.slice(0, body.lastIndexOf('.')));
		const codes = new Set<string>();
		for (let bit = 0; bit < signed.length * 8; bit++) {
			const forged = Buffer.from(signed);
			forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			codes.add(await codeOf(armour(forged.toString('latin1'))));
		}
		expect([...codes].sort()).toEqual(['malformed', 'tampered', 'unknown_kid', 'wrong_key']);
	});

	it.each([
		['half of it', (text: string) => text.slice(0, 400)],
		['without its last line', (text: string) => text.split('\n').slice(0, -1).join('\n')],
		['with a line twice', (text: string) => text.replace(/\n(.{64})\n/, '\n$1\n$1\n')],
		['with a blank added', (text: string) => text.replace('\n1.', '\n 1.')],
	])('tampered: %s', async (_what, change) => {
		expect(await codeOf(change(file()))).toBe('tampered');
	});

	it.each([
		['nothing', ''],
		['another text', 'Dear customer, your licence is attached.'],
		['a very long text', 'x'.repeat(200_000)],
		['signed, but no claims', shop.write([1, 2, 3])],
		['of a newer version', shop.write({ ...claims, v: 2 })],
	])('malformed: %s', async (_what, text) => {
		expect(await codeOf(text)).toBe('malformed');
	});

	it('unknown_kid: signed with a key that is not in the set', async () => {
		expect(await codeOf(seller('key-2').write(claims))).toBe('unknown_kid');
	});

	it('wrong_key: signed by somebody else under the name of our key', async () => {
		expect(await codeOf(seller(shop.kid).write(claims))).toBe('wrong_key');
	});

	it('wrong_key: a signature of ours that was made for something else', async () => {
		const text = `1.${shop.kid}.plain.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
		expect(await codeOf(armour(`${text}.${shop.signText(text)}`))).toBe('wrong_key');
	});

	it('other_device: bound to another fingerprint, or to one that is not told', async () => {
		const bound = file({ fp: hashOf(FINGERPRINT) });
		expect(await codeOf(bound, { fingerprint: FINGERPRINT })).toBe('valid');
		expect(await codeOf(bound, { fingerprint: 'serial-0816' })).toBe('other_device');
		expect(await codeOf(bound)).toBe('other_device');
	});

	it('revoked: by licence or by file, on a list that is signed', async () => {
		const list = (lists: object) =>
			shop.revoke({ v: 1, seq: 1, iat: NOW, exp: NOW + DAY, licenses: [], files: [], ...lists });
		expect(await codeOf(file(), { revocations: list({}) })).toBe('valid');
		expect(await codeOf(file(), { revocations: list({ licenses: [claims.lic] }) })).toBe('revoked');
		expect(await codeOf(file(), { revocations: list({ files: [claims.jti] }) })).toBe('revoked');
		expect(
			await codeOf(file(), { revocations: JSON.stringify(list({ files: [claims.jti] })) }),
		).toBe('revoked');
	});

	it('revocations_invalid: with a list that was changed, swapped or signed by another', async () => {
		const list = shop.revoke({ v: 1, seq: 1, iat: NOW, exp: NOW, licenses: [], files: [] });
		for (const revocations of [
			{ ...list, payload: `${list.payload.slice(0, -4)}AAAA` },
			{ ...list, signature: seller().signText(`${list.kid}.${list.payload}`) },
			{ ...list, kid: 'key-2' },
			'not a list',
		]) {
			expect(await codeOf(file(), { revocations })).toBe('revocations_invalid');
		}
	});

	it('clock_rolled_back: before the time of the file, or one that was seen', async () => {
		expect(await codeOf(file(), { now: at(NOW - DAY) })).toBe('clock_rolled_back');
		const { state } = await verifier.verify(file(), { now: at(NOW + 5 * DAY) });
		expect(await codeOf(file(), { now: at(NOW + DAY), state })).toBe('clock_rolled_back');
		expect(await codeOf(file(), { now: at(NOW + 5 * DAY - 60), state })).toBe('valid');
	});

	it('not_yet_valid: before its first day', async () => {
		expect(await codeOf(file({ nbf: NOW + DAY }))).toBe('not_yet_valid');
	});

	it('expired: after its own age, though the licence runs on', async () => {
		const young = file({ exp: NOW + DAY, expiresAt: null, endsAt: null });
		expect(await codeOf(young, { now: at(NOW + DAY - 1) })).toBe('valid');
		expect(await codeOf(young, { now: at(NOW + DAY) })).toBe('expired');
	});

	it('superseded: when a newer file of the licence was used before', async () => {
		const { state } = await verifier.verify(file({ seq: 5 }), { now: at(NOW) });
		expect(await codeOf(file({ seq: 4 }), { state })).toBe('superseded');
		expect(await codeOf(file({ seq: 1, lic: 'another' }), { state })).toBe('valid');
	});

	it('wrong_product and entitlement_missing: for what was asked', async () => {
		expect(await codeOf(file(), { productId: 'another' })).toBe('wrong_product');
		expect(await codeOf(file(), { entitlements: ['read', 'admin'] })).toBe('entitlement_missing');
		const limited = { now: at(NOW + 13 * DAY), entitlements: ['write'] };
		expect(await codeOf(file(), limited)).toBe('entitlement_missing');
	});

	it('leaves what was kept as it is', async () => {
		const state = { seen: NOW + DAY, seq: 9, licenseId: claims.lic };
		const answer = await verifier.verify(file(), { now: at(NOW + 2 * DAY), state });
		expect(answer).toMatchObject({ code: 'superseded', state });
	});
});
