import { expect, it } from '@jest/globals';
import { createVerifier } from '@autopilot/license-client';
import { hashOf, seller } from './seller.ts';

const BATCHES = 20;
const RUNS = 100;
const GOAL_MS = 0.5;

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
	const medians: number[] = [];
	for (let batch = 0; batch < BATCHES; batch++) {
		const times: number[] = [];
		for (let run = 0; run < RUNS; run++) {
			const from = performance.now();
			const { valid } = await verifier.verify(file, { fingerprint: 'serial-0815' });
			times.push(performance.now() - from);
			expect(valid).toBe(true);
		}
		medians.push(times.sort((a, b) => a - b)[RUNS / 2] ?? Infinity);
	}
	// The best batch: what the code takes, not what the neighbours on this machine take.
	expect(Math.min(...medians)).toBeLessThan(GOAL_MS);
});
