import { compileContract } from '@autopilot/http';
import { periodOf, usageOf } from '../../usage/period.ts';
import { entitlementsIn, stageOf } from '../state.ts';
import { hasCounters } from './known.ts';
import { type Code, type Question, validatedLicense, type Verdict } from './schema.ts';
import type { Found } from './store.ts';

const DETAILS: Record<Code, string> = {
	unknown_key: 'No licence has this key. Check it for typing errors.',
	wrong_product: 'The key is for another product.',
	revoked: 'The licence is revoked.',
	suspended: 'The licence is suspended. Its holder can ask the seller why.',
	not_yet_valid: 'The licence is not valid yet; see startsAt.',
	expired: 'The licence has expired. Renew it.',
	device_required: 'The licence is for activated devices. Send the fingerprint of yours.',
	device_limit:
		'All seats are taken by other devices. Deactivate one, or activate this one with takeOver.',
	not_activated: 'This device has no seat yet. Activate it.',
	entitlement_missing: 'The licence does not grant all that was asked for.',
	grace: 'The licence has ended and is in its grace; see stage and endsAt. Renew it.',
	valid: 'The licence is valid.',
};

/** What is asked besides the key. */
export type Asked = Pick<Question, 'productId' | 'entitlements'> & { hasFingerprint: boolean };

/** What comes of a question, before it is put into words. */
export interface Judgement {
	code: Code;
	valid: boolean;
	/** The licence, unless it is another product's. */
	shown: Found | undefined;
	missing: string[];
	nextCheckIn: string | null;
}

/**
 * The one answer to a question about a licence. The first that holds, in the order of CODES, is told: what the buyer
 * must mend first. A licence of another product is not shown.
 */
export function judge(found: Found | undefined, asked: Asked, now: Date): Judgement {
	const code = codeOf(found, asked, now);
	const shown = code === 'wrong_product' ? undefined : found;
	const valid = code === 'valid' || code === 'grace';
	return {
		code,
		valid,
		shown,
		missing: shown === undefined ? [] : missing(shown, asked, now),
		nextCheckIn: shown === undefined || !valid ? null : nextCheckIn(shown, now),
	};
}

export function decide(found: Found | undefined, asked: Asked, now: Date): Verdict {
	const {
		code,
		valid,
		shown,
		missing: missingEntitlements,
		nextCheckIn,
	} = judge(found, asked, now);
	return {
		valid,
		code,
		detail: DETAILS[code],
		license: shown === undefined ? null : toValidated(shown, now),
		device: shown?.activationId == null ? null : { id: shown.activationId },
		missingEntitlements,
		serverTime: now.toISOString(),
		nextCheckIn,
	};
}

const licenseJson = compileContract(validatedLicense);

/** The same as JSON, of which the part that only a change of the licence changes is kept. */
export function decideJson(found: Found | undefined, asked: Asked, now: Date): string {
	const { code, valid, shown, missing: lacking, nextCheckIn } = judge(found, asked, now);
	const device = shown?.activationId == null ? 'null' : `{"id":"${shown.activationId}"}`;
	const next = nextCheckIn === null ? 'null' : `"${nextCheckIn}"`;
	return `{"valid":${valid},"code":"${code}","detail":"${DETAILS[code]}","license":${
		shown === undefined ? 'null' : shownJson(shown, now)
	},"device":${device},"missingEntitlements":${JSON.stringify(lacking)},"serverTime":"${now.toISOString()}","nextCheckIn":${next}}`;
}

function shownJson(found: Found, now: Date): string {
	// Counters change without the licence, and so does what they show.
	if (hasCounters(found.terms)) return licenseJson(toValidated(found, now));
	const stage = stageOf(found, now);
	return (found.shown[stage] ??= licenseJson(toValidated(found, now)));
}

function codeOf(found: Found | undefined, asked: Asked, now: Date): Code {
	if (found === undefined) return 'unknown_key';
	if (asked.productId !== undefined && asked.productId !== found.productId) return 'wrong_product';
	if (found.status === 'revoked' || found.status === 'suspended') return found.status;
	if (found.startsAt > now) return 'not_yet_valid';
	const stage = stageOf(found, now);
	if (found.status === 'expired' || stage === 'blocked') return 'expired';
	const device = deviceCode(found, asked);
	if (device !== undefined) return device;
	if (missing(found, asked, now).length > 0) return 'entitlement_missing';
	return stage === 'ok' ? 'valid' : 'grace';
}

// Who sends a fingerprint wants to know about the device; who sends none is asked for it only when the terms say so.
function deviceCode(found: Found, { hasFingerprint }: Asked): Code | undefined {
	const { maxDevices, deviceCount, activationId, terms } = found;
	if (!hasFingerprint) return terms.requireActivation ? 'device_required' : undefined;
	if (activationId !== null) return undefined;
	if (maxDevices === null) return terms.requireActivation ? 'not_activated' : undefined;
	return deviceCount >= maxDevices ? 'device_limit' : 'not_activated';
}

function missing(found: Found, { entitlements }: Asked, now: Date): string[] {
	const granted = entitlementsIn(stageOf(found, now), found.terms);
	return entitlements.filter((name) => !granted.includes(name));
}

function nextCheckIn({ terms, endsAt }: Found, now: Date): string {
	const due = now.getTime() + terms.checkInSeconds * 1000;
	return new Date(Math.min(due, endsAt?.getTime() ?? due)).toISOString();
}

function toValidated(found: Found, now: Date): NonNullable<Verdict['license']> {
	const { id, productId, productTitle, status, terms } = found;
	const stage = stageOf(found, now);
	return {
		id,
		product: { id: productId, title: productTitle },
		type: terms.type,
		status,
		stage,
		permissions: terms.permissions,
		entitlements: entitlementsIn(stage, terms),
		limits: {
			devices: { max: found.maxDevices, used: found.deviceCount },
			downloads: { max: found.maxDownloads, used: found.downloadCount },
		},
		usage: Object.entries(terms.counters).map(([name, rule]) => {
			const start = periodOf(rule.period, now).start.getTime();
			const row = found.usage.find(
				({ counter, periodStart }) => counter === name && periodStart.getTime() === start,
			);
			return usageOf(name, rule, row?.used ?? 0, now);
		}),
		startsAt: found.startsAt.toISOString(),
		expiresAt: found.expiresAt?.toISOString() ?? null,
		endsAt: found.endsAt?.toISOString() ?? null,
	};
}
