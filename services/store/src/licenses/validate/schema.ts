import { z } from 'zod';
import { fingerprint, licenseKey } from '../../devices/schema.ts';
import { licenseType, permissions } from '../../license-policies/schema.ts';
import { usage } from '../../usage/schema.ts';
import { licenseStatus, stage } from '../schema.ts';

export const question = z.object({
	key: licenseKey,
	productId: z.uuid().optional().describe('The product that asks'),
	fingerprint: fingerprint.optional(),
	entitlements: z.array(z.string().min(1).max(100)).max(50).default([]),
});
export type Question = z.output<typeof question>;

/** Every answer, in the order in which it is looked for; docs/licenses.md says what to do. */
export const CODES = [
	'unknown_key',
	'wrong_product',
	'revoked',
	'suspended',
	'not_yet_valid',
	'expired',
	'device_required',
	'device_limit',
	'not_activated',
	'entitlement_missing',
	'grace',
	'valid',
] as const;
export const code = z.enum(CODES);
export type Code = z.output<typeof code>;

const count = z.object({ max: z.int().nullable(), used: z.int() });

/** What the holder of a key may know: nothing of who bought it. */
export const validatedLicense = z.object({
	id: z.uuid(),
	product: z.object({ id: z.uuid().nullable(), title: z.string() }),
	type: licenseType,
	status: licenseStatus,
	stage,
	permissions,
	entitlements: z.array(z.string()).describe('What is granted in this stage'),
	limits: z.object({ devices: count, downloads: count }),
	usage: z.array(usage),
	startsAt: z.iso.datetime(),
	expiresAt: z.iso.datetime().nullable(),
	endsAt: z.iso.datetime().nullable(),
});

export const verdict = z.object({
	valid: z.boolean(),
	code,
	detail: z.string(),
	license: validatedLicense.nullable(),
	device: z.object({ id: z.uuid() }).nullable().describe('The activation of this fingerprint'),
	missingEntitlements: z.array(z.string()),
	serverTime: z.iso.datetime().describe('Keep it: a clock that shows less has been set back'),
	nextCheckIn: z.iso.datetime().nullable(),
});
export type Verdict = z.output<typeof verdict>;
