import { z } from 'zod';

export const fileName = z
	.string()
	.trim()
	.min(1)
	.max(200)
	// A name, not a path, and nothing that a file system or a header could take for something else.
	.regex(/^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u, 'must be a name without slashes');
export const uploadAsset = z.object({
	version: z
		.string()
		.min(1)
		.max(50)
		.regex(/^[A-Za-z0-9][A-Za-z0-9.+_-]*$/, 'must be a version such as 1.4.0'),
	fileName,
	contentType: z
		.string()
		.max(100)
		.regex(/^[\w.+-]+\/[\w.+-]+$/)
		.optional()
		.describe('By the extension of the name when not given'),
	entitlement: z.string().min(1).max(100).optional().describe('Only licences that grant it'),
});
export type UploadAsset = z.output<typeof uploadAsset>;

export const asset = z.object({
	id: z.uuid(),
	productId: z.uuid(),
	version: z.string(),
	fileName: z.string(),
	contentType: z.string(),
	size: z.int().describe('Bytes'),
	sha256: z.string().describe('Hexadecimal'),
	entitlement: z.string().nullable(),
	createdAt: z.iso.datetime(),
});
export type Asset = z.output<typeof asset>;
