/* global TextEncoder, TextDecoder, atob, btoa */
// Bytes and text, with what Node 18 and browsers both have.

const encoder = new TextEncoder();

export function utf8(text) {
	return encoder.encode(text);
}

/** @returns undefined for what is not base64url as we write it: no padding, no spare bits, no other characters */
export function fromBase64Url(text) {
	if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
	try {
		const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
		const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
		return toBase64Url(bytes) === text ? bytes : undefined;
	} catch {
		return undefined;
	}
}

export function toBase64Url(bytes) {
	let binary = '';
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @returns undefined for bytes that are no UTF-8, or text that is no JSON object */
export function jsonObject(bytes) {
	try {
		const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
	let value = index;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
	return value;
});

/** CRC-32 of a text, which tells damage from forgery; it proves nothing by itself. */
export function crc32(text) {
	let crc = 0xffffffff;
	for (const byte of utf8(text)) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
	return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
