import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps small secrets in the database unreadable for whoever has only the database. */
export interface Sealer {
	/** @returns iv, ciphertext and tag (AES-256-GCM) */
	seal(plain: Buffer): Buffer;
	/** Undefined when it was sealed under another secret, or changed since. */
	open(sealed: Buffer): Buffer | undefined;
}

/**
 * A secret for one purpose, derived (HKDF-SHA256) from the one that the operator keeps.
 * @param purpose  keeps uses of the same secret apart
 */
export function deriveSecret(signingSecret: string, purpose: string): Buffer {
	return Buffer.from(hkdfSync('sha256', signingSecret, '', `autopilot/${purpose}`, 32));
}

export function sealer(signingSecret: string, purpose: string): Sealer {
	const key = deriveSecret(signingSecret, `${purpose}/seal/v1`);
	return {
		seal(plain) {
			const iv = randomBytes(IV_BYTES);
			const cipher = createCipheriv('aes-256-gcm', key, iv);
			return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
		},
		open(sealed) {
			try {
				const iv = sealed.subarray(0, IV_BYTES);
				const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
				decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
				return Buffer.concat([
					decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)),
					decipher.final(),
				]);
			} catch {
				return undefined;
			}
		},
	};
}
