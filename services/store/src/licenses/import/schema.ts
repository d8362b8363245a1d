import { z } from 'zod';
import { limits, terms } from '../../license-policies/schema.ts';

const text = (max: number) => z.string().trim().min(1).max(max);

/** A row of an import. Rows are checked one by one, so that a bad one does not keep the others out. */
export const importedLicense = z
	.strictObject({
		externalId: text(200).optional(),
		productId: z.uuid().optional(),
		email: z.email().max(254),
		name: text(200).optional(),
		key: z.string().trim().min(16).max(200).optional(),
		startsAt: z.iso.datetime().optional(),
		expiresAt: z.iso.datetime().nullable().optional(),
		maxDevices: limits.maxDevices.optional(),
		maxDownloads: limits.maxDownloads.optional(),
		...terms.partial().shape,
		metadata: z.record(z.string().max(100), z.unknown()).default({}),
	})
	.refine(({ externalId, key }) => externalId !== undefined || key !== undefined, {
		path: ['externalId'],
		error: 'is needed where no key is given: sent again, the row would make a second licence',
	});
export type ImportedLicense = z.output<typeof importedLicense>;

export const importLicenses = z.object({
	productId: z.uuid().optional().describe('Of rows that name none'),
	licenses: z
		.array(z.unknown())
		.min(1)
		.max(1000)
		.describe(
			'Each {externalId?, productId?, email, name?, key?, startsAt?, expiresAt?, maxDevices?, maxDownloads?, metadata?} and terms as in POST /licenses. The policy of its product says what is left out. A key is made where none is given; externalId makes sending it again harmless',
		),
});
export type ImportLicenses = z.output<typeof importLicenses>;

export const importedRow = z.object({
	index: z.int().describe('Of the row in `licenses`'),
	externalId: z.string().nullable(),
	status: z.enum(['created', 'existing', 'rejected']),
	licenseId: z.uuid().nullable(),
	keyPreview: z.string().nullable(),
	key: z.string().optional().describe('Of a licence whose key was made here; shown once'),
	errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
});
export type ImportedRow = z.output<typeof importedRow>;

export const importResult = z.object({
	created: z.int(),
	existing: z.int(),
	rejected: z.int(),
	rows: z.array(importedRow).describe('One for each that was sent, in their order'),
});
export type ImportResult = z.output<typeof importResult>;
