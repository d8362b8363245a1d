import { z } from 'zod';
import { asset } from '../assets/schema.ts';
import { licenseKey } from '../devices/schema.ts';

const ttlSeconds = z
	.int()
	.min(60)
	.max(7 * 86_400)
	.default(86_400)
	.describe('How long the link works');

export const issueDownload = z
	.object({
		licenseId: z.uuid().optional(),
		key: licenseKey.optional(),
		assetId: z.uuid(),
		ttlSeconds,
	})
	.refine(
		({ licenseId, key }) => (licenseId === undefined) !== (key === undefined),
		'takes either licenseId or key',
	);
export const issueDownloadByKey = z.object({ key: licenseKey, assetId: z.uuid(), ttlSeconds });
export type IssueDownload = z.output<typeof issueDownload>;

export const download = z.object({
	id: z.uuid(),
	licenseId: z.uuid(),
	asset,
	url: z.url().describe('Works without a key, for this file alone, until expiresAt'),
	expiresAt: z.iso.datetime(),
	remaining: z.int().nullable().describe('Links that the licence has left; null for any number'),
});
export type Download = z.output<typeof download>;

export const downloadRecord = z.object({
	id: z.uuid(),
	assetId: z.uuid(),
	version: z.string(),
	fileName: z.string(),
	size: z.int(),
	issuedAt: z.iso.datetime(),
	expiresAt: z.iso.datetime(),
	requests: z.int(),
	bytesServed: z.int(),
	firstServedAt: z.iso.datetime().nullable(),
	lastServedAt: z.iso.datetime().nullable(),
	completedAt: z.iso.datetime().nullable(),
});
export type DownloadRecord = z.output<typeof downloadRecord>;
