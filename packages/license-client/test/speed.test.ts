import { generateKeyPairSync, sign, webcrypto } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { createVerifier } from '@autopilot/license-client';
import { hashOf, seller } from './seller.ts';

const BATCHES = 20;
const RUNS = 100;
const GOAL_MS = 0.5;
/** What the check of an Ed25519 signature alone takes on a machine that the goal is for. */
const SIGNATURE_MS = 0.12;

it(`verifies a file in under ${GOAL_MS} ms`, async () => {
	const now = Math.floor(Date.now() / 1000);
	const shop = seller();
	const verifier = await createVerifier({ keys: shop.keys });
	const file = shop.write({
		v: 1,
		lic: '01990000-0000-7000-8000-000000000001',
		jti: '01990000-0000-7000-8000-00000000000f',
		seq: 1,
		iat: now,
		nbf: now,
		exp: now + 3600,
		fp: hashOf('serial-0815'),
		product: { id: null, title: 'Editor' },
		holder: { name: 'Ada', email: 'ada@example.com' },
		type: 'perpetual',
		permissions: {
			download: true,
			commercialUse: true,
			redistribution: false,
			modification: false,
		},
		entitlements: ['read', 'write'],
		limits: { devices: 1, downloads: null },
		grace: { warnDays: 0, limitDays: 0, limitEntitlements: [] },
		expiresAt: null,
		endsAt: null,
	});
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const key = publicKey.toCryptoKey('Ed25519', true, ['verify']);
	const signed = Buffer.from(file);
	const signature = sign(null, signed, privateKey);
	const verifying: number[] = [];
	const checking: number[] = [];
	for (let batch = 0; batch < BATCHES; batch++) {
		verifying.push(
			await medianOf(
				async () => (await verifier.verify(file, { fingerprint: 'serial-0815' })).valid,
			),
		);
		checking.push(await medianOf(() => webcrypto.subtle.verify('Ed25519', key, signature, signed)));
	}
	// The best batch: what the code takes, not what the neighbours on this machine take. On a slower machine
	// it may take longer by as much as the signature does.
	const slowness = Math.max(1, Math.min(...checking) / SIGNATURE_MS);
	expect(Math.min(...verifying)).toBeLessThan(GOAL_MS * slowness);
});

async function medianOf(isRight: () => Promise<boolean>): Promise<number> {
	const times: number[] = [];
	for (let run = 0; run < RUNS; run++) {
		const from = performance.now();
		const right = await isRight();
		times.push(performance.now() - from);
		expect(right).toBe(true);
	}
	return times.sort((a, b) => a - b)[RUNS / 2] ?? Infinity;
}
