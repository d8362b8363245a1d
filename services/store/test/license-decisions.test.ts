import { describe, expect, it } from '@jest/globals';
import { DEFAULT_TERMS } from '../src/license-policies/schema.ts';
import { type Asked, decide, decideJson } from '../src/licenses/validate/decide.ts';
import { type Code, CODES, verdict } from '../src/licenses/validate/schema.ts';
import type { Found } from '../src/licenses/validate/store.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-20T12:00:00Z');
const PRODUCT = '01990000-0000-7000-8000-000000000002';
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY);

const license: Found = {
	id: '01990000-0000-7000-8000-000000000001',
	productId: PRODUCT,
	productTitle: 'Editor',
	status: 'active',
	terms: {
		...DEFAULT_TERMS,
		entitlements: ['read', 'write'],
		grace: { warnDays: 2, limitDays: 3, limitEntitlements: ['read'] },
	},
	maxDevices: null,
	maxDownloads: null,
	deviceCount: 0,
	downloadCount: 0,
	startsAt: inDays(-10),
	expiresAt: null,
	endsAt: null,
	lastValidatedAt: null,
	shown: {},
	activationId: null,
	usage: [],
};
const asked: Asked = { entitlements: [], hasFingerprint: false };

interface Trait {
	license?: Partial<Found>;
	asked?: Partial<Asked>;
}

/** What makes each code hold, by itself. In the order of CODES: the first that holds is told. */
const TRAITS: Record<Exclude<Code, 'unknown_key' | 'valid'>, Trait> = {
	wrong_product: { asked: { productId: '01990000-0000-7000-8000-00000000000f' } },
	revoked: { license: { status: 'revoked' } },
	suspended: { license: { status: 'suspended' } },
	not_yet_valid: { license: { startsAt: inDays(1) } },
	expired: { license: { status: 'expired', expiresAt: inDays(-6), endsAt: inDays(-1) } },
	device_required: { license: { terms: { ...license.terms, requireActivation: true } } },
	device_limit: { license: { maxDevices: 1, deviceCount: 1 }, asked: { hasFingerprint: true } },
	not_activated: { license: { maxDevices: 2, deviceCount: 1 }, asked: { hasFingerprint: true } },
	entitlement_missing: { asked: { entitlements: ['admin'] } },
	grace: { license: { expiresAt: inDays(-1), endsAt: inDays(4) } },
};

function codeOf(...traits: Trait[]): Code {
	const found = Object.assign({}, license, ...traits.map((trait) => trait.license ?? {}));
	const question = Object.assign({}, asked, ...traits.map((trait) => trait.asked ?? {}));
	return decide(found, question, NOW).code;
}

// Two that contradict each other can't hold at once: one status, one number of seats, a fingerprint or none.
const CONTRADICTIONS = [
	['revoked', 'suspended', 'expired'],
	['device_required', 'device_limit', 'not_activated'],
	['expired', 'grace'],
];
const pairs = Object.keys(TRAITS).flatMap((first, index) =>
	Object.keys(TRAITS)
		.slice(index + 1)
		.map((second) => [first, second] as const)
		.filter((pair) => !CONTRADICTIONS.some((group) => pair.every((code) => group.includes(code)))),
);

describe('validate', () => {
	it('says valid for a licence that nothing speaks against', () => {
		expect(decide(license, asked, NOW)).toMatchObject({
			valid: true,
			code: 'valid',
			license: { stage: 'ok', entitlements: ['read', 'write'] },
			nextCheckIn: inDays(1).toISOString(),
		});
	});

	it('says unknown_key in the shape of all other answers', () => {
		const unknown = decide(undefined, asked, NOW);
		expect(unknown).toMatchObject({ valid: false, code: 'unknown_key', license: null });
		expect(Object.keys(unknown)).toEqual(Object.keys(decide(license, asked, NOW)));
	});

	it.each(Object.entries(TRAITS))('says %s', (code, trait) => {
		expect(codeOf(trait)).toBe(code);
	});

	it.each(pairs)('says %s before %s', (first, second) => {
		const traits: Record<string, Trait> = TRAITS;
		expect(codeOf(traits[first] ?? {}, traits[second] ?? {})).toBe(first);
	});

	it.each(Object.entries(TRAITS))('writes %s as it decides it', (_code, trait) => {
		const found = { ...license, ...trait.license, shown: {} };
		const question = { ...asked, ...trait.asked };
		for (let time = 0; time < 2; time++) {
			const written = verdict.parse(JSON.parse(decideJson(found, question, NOW)));
			expect(written).toEqual(decide(found, question, NOW));
		}
	});

	it('documents the order in which it looks', () => {
		expect(CODES).toEqual(['unknown_key', ...Object.keys(TRAITS), 'valid']);
	});

	it('shows nothing of a licence to another product', () => {
		const { license: shown } = decide(license, { ...asked, productId: license.id }, NOW);
		expect(shown).toBeNull();
	});

	it.each([
		[-1, 'valid', true, 'ok', ['read', 'write']],
		[0, 'grace', true, 'warn', ['read', 'write']],
		[1.9, 'grace', true, 'warn', ['read', 'write']],
		[2, 'grace', true, 'limit', ['read']],
		[4.9, 'grace', true, 'limit', ['read']],
		[5, 'expired', false, 'blocked', []],
	] as const)('degrades: %d days after the end it says %s', (days, code, valid, stage, granted) => {
		const ended = { ...license, expiresAt: inDays(-days), endsAt: inDays(5 - days) };
		expect(decide(ended, asked, NOW)).toMatchObject({
			code,
			valid,
			license: { stage, entitlements: granted },
		});
	});

	it('asks for the device of a fingerprint only where there are seats', () => {
		const fingerprint = { hasFingerprint: true };
		expect(codeOf({ asked: fingerprint })).toBe('valid');
		const seated = { maxDevices: 1, deviceCount: 1, activationId: license.id };
		expect(codeOf({ license: seated, asked: fingerprint })).toBe('valid');
		expect(codeOf({ license: { maxDevices: 1, deviceCount: 1 } })).toBe('valid');
	});

	it('wants to be asked again before the licence ends', () => {
		const ending = { ...license, expiresAt: inDays(-1), endsAt: inDays(0.5) };
		expect(decide(ending, asked, NOW).nextCheckIn).toBe(inDays(0.5).toISOString());
	});
});
