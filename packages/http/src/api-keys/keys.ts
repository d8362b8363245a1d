import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'ap_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 32;

/**
 * A new key: `ap_`, 32 random base62 characters (190 bits), 6 of checksum.
 * Prefix and checksum let secret scanners find a leaked key without asking us.
 */
export function generateKey(): string {
	const random = Array.from(randomBytes(RANDOM_LENGTH * 2))
		.filter((byte) => byte < 248)
		.slice(0, RANDOM_LENGTH)
		.map((byte) => ALPHABET[byte % 62])
		.join('')
		.padEnd(RANDOM_LENGTH, '0');
	return `${PREFIX}${random}${checksum(random)}`;
}

/** SHA-256 of a key, as it is stored. */
export function hashKey(key: string): Buffer {
	return createHash('sha256').update(key).digest();
}

/** What may be shown of a key in lists and logs. */
export function prefixOf(key: string): string {
	return key.slice(0, PREFIX.length + 6);
}

/** @param scope  `resource:action`; granted by itself, by `resource:*` or by `*` */
export function grants(scopes: readonly string[], scope: string): boolean {
	const [resource] = scope.split(':', 1);
	return scopes.some((granted) => ['*', `${resource}:*`, scope].includes(granted));
}

function checksum(random: string): string {
	let value = crc32(random);
	let text = '';
	for (let i = 0; i < 6; i++) {
		text = `${ALPHABET[value % 62]}${text}`;
		value = Math.floor(value / 62);
	}
	return text;
}
