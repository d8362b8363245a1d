/* global TextDecoder */
// The text of a licence file:
//
//   -----BEGIN LICENSE FILE-----
//   1.<kid>.<plain|sealed>.<payload>.<signature>.<crc32>      in lines of 64 characters
//   -----END LICENSE FILE-----
//
// payload and signature are base64url; the signature is Ed25519 over DOMAIN and all before it. There is exactly one
// way to write a file, so every changed bit is seen; only line ends may be those of another system.

import { crc32, fromBase64Url, utf8 } from './encoding.mjs';

const BEGIN = '-----BEGIN LICENSE FILE-----';
const END = '-----END LICENSE FILE-----';
const LINE = 64;
const MAX_LENGTH = 100_000;

/** Keeps signatures for licence files from being valid for anything else. */
export const FILE_DOMAIN = 'autopilot-license/v1\n';

/** @returns `{kid, mode, payload, signed, signature}`, or `{fault: 'malformed' | 'tampered'}` */
export function readFile(file) {
	const text = textOf(file);
	if (text === undefined) return { fault: 'tampered' };
	const trimmed = text.replace(/\r\n/g, '\n').replace(/\n+$/, '');
	const begins = trimmed.startsWith(`${BEGIN}\n`);
	const ends = trimmed.endsWith(`\n${END}`);
	if (text.length > MAX_LENGTH || (!begins && !ends)) return { fault: 'malformed' };
	if (!begins || !ends) return { fault: 'tampered' };
	const body = trimmed.slice(BEGIN.length + 1, -END.length - 1).replace(/\n/g, '');
	if (armoured(body) !== trimmed) return { fault: 'tampered' };
	const end = body.lastIndexOf('.');
	if (crc32(body.slice(0, end)) !== body.slice(end + 1)) return { fault: 'tampered' };
	return partsOf(body);
}

function partsOf(body) {
	const parts = body.split('.');
	const [version, kid, mode, payload = '', signature = ''] = parts;
	const bytes = { payload: fromBase64Url(payload), signature: fromBase64Url(signature) };
	const known = version === '1' && (mode === 'plain' || mode === 'sealed') && parts.length === 6;
	if (!known || bytes.payload === undefined || bytes.signature === undefined) {
		return { fault: 'malformed' };
	}
	return { kid, mode, ...bytes, signed: utf8(`${FILE_DOMAIN}1.${kid}.${mode}.${payload}`) };
}

function textOf(file) {
	if (typeof file === 'string') return file;
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file);
	} catch {
		return undefined;
	}
}

function armoured(body) {
	const lines = [];
	for (let at = 0; at < body.length; at += LINE) lines.push(body.slice(at, at + LINE));
	return [BEGIN, ...lines, END].join('\n');
}
