import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { limits, terms } from '../license-policies/schema.ts';

export const licenseStatus = z.enum(['active', 'expired', 'suspended', 'revoked']);
export const stage = z
	.enum(['ok', 'warn', 'limit', 'blocked'])
	.describe('How far the grace after the end has gone; `ok` before it');

const count = (of: string) =>
	z.object({ max: z.int().nullable(), used: z.int() }).describe(`${of}; max null is any number`);

export const license = z.object({
	id: z.uuid(),
	product: z.object({ id: z.uuid().nullable(), title: z.string() }),
	order: z
		.object({ id: z.uuid(), number: z.string().nullable(), lineId: z.uuid().nullable() })
		.nullable(),
	unit: z.int(),
	customerId: z.uuid().nullable(),
	email: z.string(),
	name: z.string().nullable(),
	status: licenseStatus,
	statusReason: z.string().nullable(),
	stage,
	...terms.shape,
	limits: z.object({ devices: count('Activated devices'), downloads: count('Issued links') }),
	keyPreview: z.string(),
	subscription: z.object({ id: z.uuid(), status: z.string() }).nullable(),
	startsAt: z.iso.datetime(),
	expiresAt: z.iso.datetime().nullable().describe('What is paid or agreed for; then grace'),
	endsAt: z.iso.datetime().nullable().describe('End of the grace: from here on it is expired'),
	lastValidatedAt: z.iso.datetime().nullable(),
	metadata: z.record(z.string(), z.unknown()),
	externalId: z.string().nullable().describe('Its name where it was imported from'),
	createdAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
});
export type License = z.output<typeof license>;
export type Stage = License['stage'];
export type LicenseStatus = License['status'];

const metadata = z.record(z.string().max(100), z.unknown());
const reason = z.string().trim().min(1).max(500).optional();

export const createLicense = z.object({
	productId: z.uuid(),
	email: z.email().max(254).optional().describe('Or customerId'),
	customerId: z.uuid().optional(),
	name: z.string().trim().min(1).max(200).optional(),
	orderLineId: z
		.uuid()
		.optional()
		.describe('One licence for each line, however often this is sent'),
	key: z
		.string()
		.trim()
		.min(16)
		.max(200)
		.optional()
		.describe('A key of your own, e.g. from the shop you come from; made when not given'),
	startsAt: z.iso.datetime().optional(),
	expiresAt: z.iso.datetime().nullable().optional().describe('Instead of what the policy says'),
	maxDevices: limits.maxDevices.optional(),
	maxDownloads: limits.maxDownloads.optional(),
	...terms.partial().shape,
	metadata: metadata.default({}),
});
export type CreateLicense = z.output<typeof createLicense>;

export const issuedLicense = license.extend({
	key: z.string().describe('Shown here and by /reveal; lists and events never have it'),
});
export type IssuedLicense = z.output<typeof issuedLicense>;

export const updateLicense = z
	.object({
		name: z.string().trim().min(1).max(200),
		maxDevices: limits.maxDevices,
		maxDownloads: limits.maxDownloads,
		metadata,
		...terms.shape,
	})
	.partial()
	.refine((patch) => Object.keys(patch).length > 0, 'names nothing to change');
export type UpdateLicense = z.output<typeof updateLicense>;

export const holdLicense = z.object({ reason }).default({});
export const renewLicense = z
	.object({ expiresAt: z.iso.datetime().optional(), days: z.int().min(1).max(36_500).optional() })
	.refine(
		({ expiresAt, days }) => (expiresAt === undefined) !== (days === undefined),
		'takes either expiresAt or days',
	);
export type RenewLicense = z.output<typeof renewLicense>;
export const transferLicense = z.object({
	email: z.email().max(254),
	name: z.string().trim().min(1).max(200).optional(),
	rotateKey: z.boolean().default(true).describe('The former holder still knows the old key'),
});
export type TransferLicense = z.output<typeof transferLicense>;

export const listLicenses = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	status: licenseStatus.optional(),
	productId: z.uuid().optional(),
	orderId: z.uuid().optional(),
	customerId: z.uuid().optional(),
	email: z.email().max(254).optional(),
	externalId: z.string().max(200).optional(),
	key: z.string().max(200).optional().describe('The whole key: finds the licence it opens'),
});
export type ListLicenses = z.output<typeof listLicenses>;

export const historyEntry = z.object({
	id: z.uuid(),
	action: z.string(),
	actor: z.string(),
	detail: z.record(z.string(), z.unknown()),
	correlationId: z.string(),
	createdAt: z.iso.datetime(),
});
