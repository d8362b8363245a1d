import { conflict, unprocessable } from '@autopilot/http';
import type { Queryable, Tx } from '@autopilot/postgres';
import { usableLicense } from '../devices/devices.ts';
import { findDeviceOf, hashFingerprint } from '../devices/store.ts';
import { hashKey } from '../licenses/key.ts';
import { type LicenseRow, lockLicenseByKey } from '../licenses/store.ts';
import type { Signer } from '../signing-keys/signing-keys.ts';
import { type FileClaims, signRevocations, writeFile } from './format.ts';
import type { LicenseFile, RequestFile, RevocationList } from './schema.ts';
import { insertFile, selectRevoked } from './store.ts';

/** A revocation list is fetched anew long before that; an old one still says what it says. */
const LIST_SECONDS = 7 * 86_400;

/**
 * Signs a licence file: until its age or the end of the licence, for one device when a fingerprint is given. A
 * licence that has seats gives files only to devices that hold one.
 */
export async function issueFile(
	tx: Tx,
	{ key, fingerprint, ttlSeconds, encrypt }: RequestFile,
	signer: Signer,
): Promise<LicenseFile> {
	const license = usableLicense(await lockLicenseByKey(tx, hashKey(key)));
	const bound = fingerprint === undefined ? undefined : hashFingerprint(fingerprint);
	await assertSeat(tx, license, bound);
	if (encrypt && fingerprint === undefined) {
		throw unprocessable(
			'fingerprint_missing',
			'A file is encrypted for a device: send its fingerprint.',
			[{ pointer: '/fingerprint', detail: 'is missing' }],
		);
	}
	const issuedAt = new Date(Math.floor(Date.now() / 1000) * 1000);
	const ttl = Math.min(ttlSeconds ?? license.terms.fileTtlSeconds, license.terms.fileTtlSeconds);
	const age = issuedAt.getTime() + ttl * 1000;
	const expiresAt = new Date(Math.min(age, license.endsAt?.getTime() ?? age));
	const { id, seq } = await insertFile(tx, {
		licenseId: license.id,
		kid: signer.kid,
		fingerprintHash: bound ?? null,
		issuedAt,
		expiresAt,
	});
	const claims = claimsOf(license, { id, seq, issuedAt, expiresAt, bound });
	const sealFor = encrypt && fingerprint !== undefined ? { key, fingerprint } : undefined;
	return {
		id,
		seq,
		kid: signer.kid,
		file: writeFile(claims, signer, sealFor),
		expiresAt: expiresAt.toISOString(),
	};
}

async function assertSeat(tx: Tx, license: LicenseRow, bound: Buffer | undefined): Promise<void> {
	if (license.maxDevices === null && !license.terms.requireActivation) return;
	if (bound === undefined) {
		throw unprocessable(
			'fingerprint_missing',
			'The licence is for activated devices: send the fingerprint of yours.',
			[{ pointer: '/fingerprint', detail: 'is missing' }],
		);
	}
	if ((await findDeviceOf(tx, license.id, bound)) !== undefined) return;
	throw conflict(
		'device_not_activated',
		'This device has no seat of the licence. Activate it first.',
	);
}

function claimsOf(
	license: LicenseRow,
	file: { id: string; seq: number; issuedAt: Date; expiresAt: Date; bound: Buffer | undefined },
): FileClaims {
	const { terms } = license;
	return {
		v: 1,
		lic: license.id,
		jti: file.id,
		seq: file.seq,
		iat: seconds(file.issuedAt),
		nbf: seconds(license.startsAt > file.issuedAt ? license.startsAt : file.issuedAt),
		exp: seconds(file.expiresAt),
		fp: file.bound?.toString('base64url') ?? null,
		product: { id: license.productId, title: license.productTitle },
		holder: { name: license.name, email: license.email },
		type: terms.type,
		permissions: terms.permissions,
		entitlements: terms.entitlements,
		limits: { devices: license.maxDevices, downloads: license.maxDownloads },
		grace: terms.grace,
		expiresAt: license.expiresAt === null ? null : seconds(license.expiresAt),
		endsAt: license.endsAt === null ? null : seconds(license.endsAt),
	};
}

/** The signed list of what is revoked. */
export async function revocations(db: Queryable, signer: Signer): Promise<RevocationList> {
	const revoked = await selectRevoked(db);
	const now = Date.now();
	const iat = Math.floor(now / 1000);
	return signRevocations({ v: 1, seq: now, iat, exp: iat + LIST_SECONDS, ...revoked }, signer);
}

function seconds(time: Date): number {
	return Math.floor(time.getTime() / 1000);
}
