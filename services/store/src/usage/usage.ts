import { Problem, unprocessable } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import { usableLicense } from '../devices/devices.ts';
import { hashKey } from '../licenses/key.ts';
import { findLicenseByKey } from '../licenses/store.ts';
import { periodOf, usageOf } from './period.ts';
import type { CountUsage, Usage } from './schema.ts';
import { addUsage, claimUsageKey, storeUsage } from './store.ts';

/** 409: the counter would pass its limit; nothing was counted. */
export class UsageLimit extends Problem {
	readonly licenseId: string;
	readonly counter: string;

	constructor(licenseId: string, { counter }: CountUsage, limit: number, resetsAt: string | null) {
		super({
			status: 409,
			code: 'usage_limit',
			detail: `"${counter}" has a limit of ${limit}, and this would pass it. ${
				resetsAt === null ? 'A bigger licence has more.' : `It starts again at ${resetsAt}.`
			}`,
		});
		this.licenseId = licenseId;
		this.counter = counter;
	}
}

/**
 * Counts something that a licence allows so many times.
 * @throws {UsageLimit} when there is not enough left; then nothing was counted
 */
export async function countUsage(tx: Tx, input: CountUsage): Promise<Usage> {
	const license = usableLicense(await findLicenseByKey(tx, hashKey(input.key)));
	const rule = license.terms.counters[input.counter];
	if (rule === undefined) {
		throw unprocessable(
			'counter_unknown',
			`The licence has no counter "${input.counter}". It has: ${Object.keys(license.terms.counters).join(', ') || 'none'}.`,
			[{ pointer: '/counter', detail: 'is not a counter of this licence' }],
		);
	}
	const now = new Date();
	const { start: periodStart, end } = periodOf(rule.period, now);
	const count = { licenseId: license.id, counter: input.counter, periodStart, n: input.n };
	const key = input.idempotencyKey;
	if (key !== undefined) {
		const first = await claimUsageKey(tx, { ...count, key });
		if (first !== undefined) {
			if (first.n !== input.n) throw keyReused();
			return usageOf(input.counter, rule, first.used, now);
		}
	}
	const used = await addUsage(tx, { ...count, limit: rule.limit });
	if (used === undefined) {
		throw new UsageLimit(license.id, input, rule.limit ?? 0, end?.toISOString() ?? null);
	}
	if (key !== undefined) await storeUsage(tx, { ...count, key, used });
	return usageOf(input.counter, rule, used, now);
}

function keyReused(): Problem {
	return unprocessable(
		'idempotency_key_reused',
		'This idempotencyKey was used for another n. Take a new key for a new count.',
	);
}
