import { z } from 'zod';

const DAY_SECONDS = 86_400;
const name = z
	.string()
	.max(100)
	.regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be letters, digits, dots, hyphens and underscores');
const days = z.int().min(0).max(3650);

export const licenseType = z.enum(['perpetual', 'subscription', 'trial']);

export const permissions = z.object({
	download: z.boolean(),
	commercialUse: z.boolean(),
	redistribution: z.boolean(),
	modification: z.boolean(),
});

export const counter = z.object({
	limit: z.int().min(0).nullable().describe('null counts without a limit'),
	period: z.enum(['none', 'day', 'month', 'year']).describe('When the count starts again, in UTC'),
});

export const grace = z
	.object({
		warnDays: days.describe('All works, validate says `grace`'),
		limitDays: days.describe(
			'Then only `limitEntitlements` are granted, no new devices, no downloads',
		),
		limitEntitlements: z.array(name).max(100),
	})
	.describe('What follows the end: warn, then limit, then blocked');

/** What a licence grants. Each licence keeps its own copy. */
export const terms = z.object({
	type: licenseType,
	permissions,
	entitlements: z.array(name).max(100),
	requireActivation: z.boolean().describe('Validate wants a fingerprint of an activated device'),
	grace,
	counters: z.record(name, counter),
	activationsPerHour: z
		.int()
		.min(1)
		.nullable()
		.describe('New devices in an hour; null for any number'),
	checkInSeconds: z
		.int()
		.min(60)
		.max(365 * DAY_SECONDS),
	fileTtlSeconds: z
		.int()
		.min(60)
		.max(10 * 365 * DAY_SECONDS)
		.describe('Longest life of a licence file'),
});
export type Terms = z.output<typeof terms>;

export const limits = {
	maxDevices: z.int().min(1).max(1_000_000).nullable().describe('null for any number'),
	maxDownloads: z
		.int()
		.min(1)
		.max(1_000_000)
		.nullable()
		.describe('Links in all; null for any number'),
};

const issuePer = z
	.enum(['line', 'unit'])
	.describe(
		'One licence for a line of an order, its limits times the quantity; or one for each unit',
	);
const durationDays = z.int().min(1).max(36_500).nullable().describe('null never ends');

export const licensePolicy = z.object({
	productId: z.uuid(),
	issuePer,
	durationDays,
	...limits,
	...terms.shape,
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type LicensePolicy = z.output<typeof licensePolicy>;

/** What holds when nobody has said otherwise: the buyer may download and use it, for ever, on any device. */
export const DEFAULT_TERMS: Terms = {
	type: 'perpetual',
	permissions: { download: true, commercialUse: false, redistribution: false, modification: false },
	entitlements: [],
	requireActivation: false,
	grace: { warnDays: 0, limitDays: 0, limitEntitlements: [] },
	counters: {},
	activationsPerHour: 30,
	checkInSeconds: DAY_SECONDS,
	fileTtlSeconds: 30 * DAY_SECONDS,
};

// A gateway needs an hour or more to collect a renewal; without days of grace each renewal would lock buyers out.
export const SUBSCRIPTION_GRACE: Terms['grace'] = {
	warnDays: 3,
	limitDays: 0,
	limitEntitlements: [],
};

export const putLicensePolicy = z.object({
	type: licenseType.default('perpetual'),
	issuePer: issuePer.default('line'),
	durationDays: durationDays.default(null),
	maxDevices: limits.maxDevices.default(null),
	maxDownloads: limits.maxDownloads.default(null),
	permissions: z
		.object({
			download: z.boolean().default(true),
			commercialUse: z.boolean().default(false),
			redistribution: z.boolean().default(false),
			modification: z.boolean().default(false),
		})
		.prefault({}),
	entitlements: terms.shape.entitlements.default([]),
	requireActivation: z.boolean().default(false),
	grace: z
		.object({
			warnDays: days.default(0),
			limitDays: days.default(0),
			limitEntitlements: grace.shape.limitEntitlements.default([]),
		})
		.optional()
		.describe('Three days of warning for a subscription, else none'),
	counters: terms.shape.counters.default({}),
	activationsPerHour: terms.shape.activationsPerHour.default(DEFAULT_TERMS.activationsPerHour),
	checkInSeconds: terms.shape.checkInSeconds.default(DEFAULT_TERMS.checkInSeconds),
	fileTtlSeconds: terms.shape.fileTtlSeconds.default(DEFAULT_TERMS.fileTtlSeconds),
});
export type PutLicensePolicy = z.output<typeof putLicensePolicy>;
