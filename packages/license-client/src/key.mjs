import { crc32 } from './encoding.mjs';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The spelling that counts: however it is typed, with spaces, in small letters, O for 0, I or L for 1. */
export function canonicalKey(key) {
	return key
		.toUpperCase()
		.replace(/[\s\u2010-\u2015-]/g, '')
		.replace(/O/g, '0')
		.replace(/[IL]/g, '1');
}

/**
 * True when the checksum of a key is right, so that a typing error is seen before the server is asked.
 * Keys that the seller has brought from elsewhere may have none.
 */
export function isWellFormedKey(key) {
	const canonical = canonicalKey(key);
	if (canonical.length < 31) return false;
	const sum = parseInt(crc32(canonical.slice(0, -4)), 16) & 0xfffff;
	const expected = [15, 10, 5, 0].map((shift) => ALPHABET[(sum >>> shift) & 31]).join('');
	return canonical.endsWith(expected);
}
