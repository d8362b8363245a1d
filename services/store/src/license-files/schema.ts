import { z } from 'zod';
import { fingerprint, licenseKey } from '../devices/schema.ts';

export const requestFile = z.object({
	key: licenseKey,
	fingerprint: fingerprint.optional().describe('Binds the file to this device'),
	ttlSeconds: z
		.int()
		.min(60)
		.optional()
		.describe('At most what the policy says, which is the default'),
	encrypt: z
		.boolean()
		.default(false)
		.describe('Only this device with this licence key can read it; needs a fingerprint'),
});
export type RequestFile = z.output<typeof requestFile>;

export const licenseFile = z.object({
	id: z.uuid(),
	seq: z.int(),
	kid: z.string(),
	file: z.string().describe('To be kept as it is; packages/license-client checks it offline'),
	expiresAt: z.iso.datetime(),
});
export type LicenseFile = z.output<typeof licenseFile>;

export const revocationList = z
	.object({ kid: z.string(), payload: z.string(), signature: z.string() })
	.describe('payload: base64url of {v, seq, iat, exp, licenses, files}; checked by license-client');
export type RevocationList = z.output<typeof revocationList>;
