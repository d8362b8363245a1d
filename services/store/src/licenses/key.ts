import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { deriveSecret, sealer } from './sealing.ts';

// Crockford's base32: no I, L, O and U, which people mistake for others.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BODY = 26;
const GROUP = 5;

/** What is stored of a key. */
export interface StoredKey {
	keyHash: Buffer;
	keyPrefix: string;
	keyVersion: number;
	/** `AP-7ZK4M-...-X2VQ9`: enough to recognise a key, too little to use it. */
	keyPreview: string;
	keySealed: Buffer | null;
}

/** Makes the keys of licences, and makes them again when they are to be shown. */
export interface LicenseKeys {
	/** The key of a licence: always the same for the same id and version. */
	derive(licenseId: string, version: number): { key: string; stored: StoredKey };
	/** A key that somebody else has made. It is kept encrypted, since it can't be derived. */
	adopt(key: string): StoredKey;
	/** The text of a key, or undefined when SIGNING_SECRET was changed since; then the key can only be rotated. */
	reveal(license: { id: string } & StoredKey): string | undefined;
}

/**
 * Keys are `AP-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`: the prefix, 130 bits of HMAC-SHA256 over id and version, and
 * 20 bits of checksum. So nobody can guess one, a mistyped one is seen without a question, and the database holds
 * only hashes. Keys stay valid when the secret changes; they only can't be shown any more.
 */
export function licenseKeys(options: { signingSecret: string; prefix: string }): LicenseKeys {
	const secret = deriveSecret(options.signingSecret, 'license-keys/v1');
	const box = sealer(options.signingSecret, 'license-keys');
	const derive = (licenseId: string, version: number, prefix: string) => {
		const mac = createHmac('sha256', secret).update(`${licenseId}\n${version}`).digest();
		const body = toBase32(mac, BODY);
		return [prefix, ...groups(body + checksumOf(prefix + body))].join('-');
	};
	return {
		derive(licenseId, version) {
			const key = derive(licenseId, version, options.prefix);
			return { key, stored: { ...stored(key, options.prefix), keyVersion: version } };
		},
		adopt(key) {
			return {
				...stored(key.trim(), ''),
				keyVersion: 0,
				keySealed: box.seal(Buffer.from(key.trim())),
			};
		},
		reveal({ id, keyVersion, keyPrefix, keySealed, keyHash }) {
			const key =
				keySealed === null ? derive(id, keyVersion, keyPrefix) : box.open(keySealed)?.toString();
			return key !== undefined && hashKey(key).equals(keyHash) ? key : undefined;
		},
	};
}

function stored(key: string, keyPrefix: string): StoredKey {
	return {
		keyHash: hashKey(key),
		keyPrefix,
		keyVersion: 0,
		keyPreview: previewOf(key),
		keySealed: null,
	};
}

/** The spelling that is hashed: however a buyer types the key, with spaces, in small letters, O for 0. */
export function canonicalKey(key: string): string {
	return key
		.toUpperCase()
		.replaceAll(/[\s\u2010-\u2015-]/g, '')
		.replaceAll('O', '0')
		.replaceAll(/[IL]/g, '1');
}

/** SHA-256 of the canonical spelling. No pepper: the key's own 130 bits can't be searched. */
export function hashKey(key: string): Buffer {
	return createHash('sha256')
		.update(`license-key/v1\n${canonicalKey(key)}`)
		.digest();
}

function previewOf(key: string): string {
	const shown = key.length >= 24 ? 8 : 3;
	return `${key.slice(0, shown)}...${key.slice(-4)}`;
}

function checksumOf(text: string): string {
	const sum = crc32(canonicalKey(text)) & 0xfffff;
	return [15, 10, 5, 0].map((shift) => ALPHABET[(sum >>> shift) & 31]).join('');
}

function toBase32(bytes: Buffer, length: number): string {
	let text = '';
	let bits = 0;
	let value = 0;
	for (const byte of bytes) {
		value = ((value << 8) | byte) & 0xffff;
		for (bits += 8; bits >= 5 && text.length < length; bits -= 5) {
			text += ALPHABET[(value >>> (bits - 5)) & 31];
		}
	}
	return text;
}

function groups(text: string): string[] {
	return text.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
}
