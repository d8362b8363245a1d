import { jsonObject, toBase64Url, utf8 } from './encoding.mjs';
import { readFile } from './file.mjs';
import { canonicalKey } from './key.mjs';
import { readRevocations } from './revocations.mjs';
import { subtle } from './web-crypto.mjs';

/** A clock may be wrong by so many seconds before it counts as set back. */
const CLOCK_TOLERANCE = 300;
const DAY = 86_400;

const DETAILS = {
	malformed: 'This is not a licence file, or one of a newer kind than this client knows.',
	tampered: 'The licence file is damaged or was changed. Get it again.',
	unknown_kid: 'The file is signed with a key that is not in the key set. Update the key set.',
	wrong_key: 'The file is not signed by the key that it names.',
	other_device: 'The file is for another device (or, when it is sealed, another licence key).',
	revocations_invalid: 'The revocation list is not signed by a key of the key set.',
	revoked: 'The licence, or this file of it, is revoked.',
	clock_rolled_back: 'The clock of this device has been set back. Set it right, or go online.',
	not_yet_valid: 'The licence is not valid yet.',
	expired: 'The file or its licence has expired. Go online to get a new file.',
	superseded: 'A newer file of this licence has been used on this device. Use that one.',
	wrong_product: 'The licence is for another product.',
	entitlement_missing: 'The licence does not grant all that was asked for.',
	grace: 'The licence has ended and is in its grace. Renew it.',
	valid: 'The licence is valid.',
};

/**
 * Prepares a key set (the answer of /.well-known/license-keys.json) for checking files. Ship it with your product:
 * who could swap it could sign files of their own.
 */
export async function createVerifier({ keys }) {
	const byKid = new Map();
	for (const key of keys.keys ?? keys) byKid.set(key.kid, await importKey(key));
	const fingerprints = new Map();

	async function fingerprintOf(fingerprint) {
		let hash = fingerprints.get(fingerprint);
		if (hash === undefined) {
			const text = utf8(`autopilot-license/fingerprint/v1\n${fingerprint}`);
			hash = toBase64Url(new Uint8Array(await subtle.digest('SHA-256', text)));
			fingerprints.clear();
			fingerprints.set(fingerprint, hash);
		}
		return hash;
	}

	async function claimsOf(file, { key, fingerprint }) {
		const parts = readFile(file);
		if (parts.fault !== undefined) return { code: parts.fault };
		const publicKey = byKid.get(parts.kid);
		if (publicKey === undefined) return { code: 'unknown_kid' };
		if (!(await subtle.verify('Ed25519', publicKey, parts.signature, parts.signed))) {
			return { code: 'wrong_key' };
		}
		const plain =
			parts.mode === 'plain' ? parts.payload : await unseal(parts.payload, key, fingerprint);
		if (plain === undefined) return { code: 'other_device' };
		const claims = jsonObject(plain);
		return claims?.v === 1 ? { claims } : { code: 'malformed' };
	}

	return {
		async verify(file, options = {}) {
			const now = Math.floor((options.now ?? new Date()).getTime() / 1000);
			const state = options.state ?? { seen: 0, seq: 0, licenseId: null };
			const { claims, code: fault } = await claimsOf(file, options);
			if (claims === undefined) return answer(fault, undefined, state, now);
			const hash =
				options.fingerprint === undefined ? null : await fingerprintOf(options.fingerprint);
			const list = await readRevocations(options.revocations, byKid);
			return answer(codeOf(claims, { ...options, now, state, hash, list }), claims, state, now);
		},
	};
}

function codeOf(claims, { now, state, hash, list, productId, entitlements = [] }) {
	if (claims.fp !== null && claims.fp !== hash) return 'other_device';
	if (list === 'invalid') return 'revocations_invalid';
	if (list?.licenses.includes(claims.lic) || list?.files.includes(claims.jti)) return 'revoked';
	// The server has seen these times; a clock that shows less is wrong.
	const seen = Math.max(claims.iat, state.seen, list?.iat ?? 0);
	if (now + CLOCK_TOLERANCE < seen) return 'clock_rolled_back';
	if (now + CLOCK_TOLERANCE < claims.nbf) return 'not_yet_valid';
	const stage = stageOf(claims, now);
	if (now >= claims.exp || stage === 'blocked') return 'expired';
	if (state.licenseId === claims.lic && claims.seq < state.seq) return 'superseded';
	if (productId !== undefined && productId !== claims.product.id) return 'wrong_product';
	const granted = entitlementsIn(stage, claims);
	if (!entitlements.every((name) => granted.includes(name))) return 'entitlement_missing';
	return stage === 'ok' ? 'valid' : 'grace';
}

// As the server does it: warn, then limit, then blocked.
function stageOf({ expiresAt, endsAt, grace }, now) {
	if (expiresAt === null || now < expiresAt) return 'ok';
	if (endsAt === null || now >= endsAt) return 'blocked';
	if (grace.limitDays === 0) return 'warn';
	return now < expiresAt + grace.warnDays * DAY ? 'warn' : 'limit';
}

function entitlementsIn(stage, { entitlements, grace }) {
	if (stage === 'ok' || stage === 'warn') return entitlements;
	if (stage === 'blocked') return [];
	return entitlements.filter((name) => grace.limitEntitlements.includes(name));
}

function answer(code, claims, state, now) {
	const valid = code === 'valid' || code === 'grace';
	return {
		valid,
		code,
		detail: DETAILS[code],
		license: claims === undefined ? null : licenseOf(claims, now),
		state: valid
			? { seen: Math.max(now, claims.iat, state.seen), seq: claims.seq, licenseId: claims.lic }
			: state,
	};
}

function licenseOf(claims, now) {
	const stage = stageOf(claims, now);
	return {
		id: claims.lic,
		product: claims.product,
		holder: claims.holder,
		type: claims.type,
		stage,
		permissions: claims.permissions,
		entitlements: entitlementsIn(stage, claims),
		limits: claims.limits,
		expiresAt: dateOf(claims.expiresAt),
		endsAt: dateOf(claims.endsAt),
		fileExpiresAt: dateOf(claims.exp),
	};
}

function dateOf(seconds) {
	return seconds === null ? null : new Date(seconds * 1000).toISOString();
}

function importKey({ kty, crv, x }) {
	return subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', true, ['verify']);
}

// salt (16), iv (12), ciphertext with tag; the key is derived from licence key and fingerprint.
async function unseal(payload, key, fingerprint) {
	if (key === undefined || fingerprint === undefined) return undefined;
	const secret = await subtle.importKey('raw', utf8(canonicalKey(key)), 'HKDF', false, [
		'deriveKey',
	]);
	const info = utf8(`autopilot-license/seal/v1\n${fingerprint}`);
	const aes = await subtle.deriveKey(
		{ name: 'HKDF', hash: 'SHA-256', salt: payload.slice(0, 16), info },
		secret,
		{ name: 'AES-GCM', length: 256 },
		false,
		['decrypt'],
	);
	try {
		const iv = payload.slice(16, 28);
		return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv }, aes, payload.slice(28)));
	} catch {
		return undefined;
	}
}
