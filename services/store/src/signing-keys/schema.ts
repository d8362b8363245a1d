import { z } from 'zod';

/** A public key as JWK (RFC 8037). */
export const publicKey = z.object({
	kty: z.literal('OKP'),
	crv: z.literal('Ed25519'),
	kid: z.string().describe('Thumbprint (RFC 7638)'),
	x: z.string(),
	use: z.literal('sig'),
	alg: z.literal('EdDSA'),
});
export type PublicKey = z.output<typeof publicKey>;

export const signingKey = z.object({
	kid: z.string(),
	state: z
		.enum(['coming', 'active', 'retired', 'revoked'])
		.describe('retired keys stay published while files run that they have signed'),
	published: z.boolean(),
	createdAt: z.iso.datetime(),
	activeFrom: z.iso.datetime(),
	revokedAt: z.iso.datetime().nullable(),
});
export type SigningKey = z.output<typeof signingKey>;

export const rotateKeys = z
	.object({
		activeAfterSeconds: z
			.int()
			.min(0)
			.max(90 * 86_400)
			.default(86_400)
			.describe('How long the new key is published before it signs, so that clients know it'),
	})
	.prefault({});
