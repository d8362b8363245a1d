import { fromBase64Url, jsonObject, utf8 } from './encoding.mjs';
import { subtle } from './web-crypto.mjs';

const DOMAIN = 'autopilot-license-revocations/v1\n';
const lastRead = new WeakMap();

/**
 * Checks a revocation list, as /.well-known/license-revocations answers it.
 * @returns `{iat, exp, licenses, files}`, undefined without a list, or 'invalid'
 */
export async function readRevocations(list, byKid) {
	if (list === undefined || list === null) return undefined;
	const document = typeof list === 'string' ? jsonObject(utf8(list)) : list;
	if (document === undefined) return 'invalid';
	// A list is checked once for a verifier; a new one is another object.
	const known = lastRead.get(document);
	if (known?.byKid === byKid) return known.read;
	const read = await check(document, byKid);
	lastRead.set(document, { byKid, read });
	return read;
}

async function check({ kid, payload, signature }, byKid) {
	const key = byKid.get(kid);
	const bytes = typeof payload === 'string' ? fromBase64Url(payload) : undefined;
	const proof = typeof signature === 'string' ? fromBase64Url(signature) : undefined;
	if (key === undefined || bytes === undefined || proof === undefined) return 'invalid';
	if (!(await subtle.verify('Ed25519', key, proof, utf8(`${DOMAIN}${kid}.${payload}`)))) {
		return 'invalid';
	}
	const claims = jsonObject(bytes);
	const whole = claims?.v === 1 && Array.isArray(claims.licenses) && Array.isArray(claims.files);
	return whole ? claims : 'invalid';
}
