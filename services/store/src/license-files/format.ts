import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Terms } from '../license-policies/schema.ts';
import { canonicalKey } from '../licenses/key.ts';
import type { Signer } from '../signing-keys/signing-keys.ts';

const LINE = 64;
/** Signatures for one purpose are good for no other. */
const FILE_DOMAIN = 'autopilot-license/v1\n';
const LIST_DOMAIN = 'autopilot-license-revocations/v1\n';

/** What a licence file says. Times in seconds since 1970. */
export interface FileClaims {
	v: 1;
	lic: string;
	jti: string;
	/** Counts up with each file of a licence: a client that has used a newer one refuses an older one. */
	seq: number;
	/** Also the time that the server has seen: a clock that shows less was set back. */
	iat: number;
	nbf: number;
	exp: number;
	/** base64url of the fingerprint's hash, or null for any device. */
	fp: string | null;
	product: { id: string | null; title: string };
	holder: { name: string | null; email: string };
	type: Terms['type'];
	permissions: Terms['permissions'];
	entitlements: string[];
	limits: { devices: number | null; downloads: number | null };
	grace: Terms['grace'];
	expiresAt: number | null;
	endsAt: number | null;
}

/**
 * Writes a licence file; packages/license-client/src/file.mjs reads it. The exact text is signed, not what it means,
 * and it is encrypted before it is signed, so that nothing is parsed or decrypted that is not proven.
 * @param sealFor  encrypts to whoever has both (AES-256-GCM, HKDF-SHA256)
 */
export function writeFile(
	claims: FileClaims,
	signer: Signer,
	sealFor: { key: string; fingerprint: string } | undefined,
): string {
	const plain = Buffer.from(JSON.stringify(claims));
	const payload = sealFor === undefined ? plain : seal(plain, sealFor);
	const mode = sealFor === undefined ? 'plain' : 'sealed';
	const text = `1.${signer.kid}.${mode}.${payload.toString('base64url')}`;
	const signed = `${text}.${signer.sign(FILE_DOMAIN + text).toString('base64url')}`;
	// Proves nothing, but tells a file that was damaged from one that somebody else has signed.
	const body = `${signed}.${crc32(signed).toString(16).padStart(8, '0')}`;
	const lines = body.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
	return ['-----BEGIN LICENSE FILE-----', ...lines, '-----END LICENSE FILE-----'].join('\n');
}

function seal(plain: Buffer, { key, fingerprint }: { key: string; fingerprint: string }): Buffer {
	const salt = randomBytes(16);
	const iv = randomBytes(12);
	const info = `autopilot-license/seal/v1\n${fingerprint}`;
	const secret = Buffer.from(hkdfSync('sha256', canonicalKey(key), salt, info, 32));
	const cipher = createCipheriv('aes-256-gcm', secret, iv);
	return Buffer.concat([salt, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** What can't be taken back from devices, told to those who ask. */
export interface RevocationClaims {
	v: 1;
	seq: number;
	iat: number;
	exp: number;
	/** Licences none of whose files are good. */
	licenses: string[];
	/** Single files: of devices that gave their seat back, of keys that were rotated. */
	files: string[];
}

export function signRevocations(claims: RevocationClaims, signer: Signer) {
	const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
	const signature = signer.sign(`${LIST_DOMAIN}${signer.kid}.${payload}`).toString('base64url');
	return { kid: signer.kid, payload, signature };
}
