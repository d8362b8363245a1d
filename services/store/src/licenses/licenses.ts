import { conflict, notFound } from '@autopilot/http';
import type { Queryable, Tx } from '@autopilot/postgres';
import { removeDevices } from '../devices/store.ts';
import { revokeFiles } from '../license-files/store.ts';
import type { LicenseKeys } from './key.ts';
import { toLicense } from './present.ts';
import type {
	IssuedLicense,
	License,
	RenewLicense,
	TransferLicense,
	UpdateLicense,
} from './schema.ts';
import { type Cause, note, settle, tell } from './settle.ts';
import { selectSources } from './source-store.ts';
import {
	findLicense,
	type LicenseRow,
	lockLicense,
	selectLicensesOfOrder,
	updateLicenseRow,
} from './store.ts';

const DAY_MS = 86_400_000;

export async function getLicense(db: Queryable, id: string): Promise<License> {
	return toLicense(found(await findLicense(db, id), id), new Date());
}

/** Licences of an order with their keys, for the buyer's own page. */
export async function licensesOfOrder(
	db: Queryable,
	orderId: string,
	keys: LicenseKeys,
): Promise<(License & { key: string | null })[]> {
	const rows = await selectLicensesOfOrder(db, orderId);
	return rows.map((row) => ({ ...toLicense(row, new Date()), key: keys.reveal(row) ?? null }));
}

/** Changes limits, terms and names of one licence; its product's policy stays as it is. */
export async function updateLicense(
	tx: Tx,
	id: string,
	{ name, maxDevices, maxDownloads, metadata, ...terms }: UpdateLicense,
	cause: Cause,
): Promise<License> {
	const before = await locked(tx, id);
	const given = Object.entries(terms).filter(([, value]) => value !== undefined);
	const after = await settle(
		tx,
		before,
		{
			...(name === undefined ? {} : { name }),
			...(maxDevices === undefined ? {} : { maxDevices }),
			...(maxDownloads === undefined ? {} : { maxDownloads }),
			...(metadata === undefined ? {} : { metadata }),
			terms: { ...before.terms, ...Object.fromEntries(given) },
		},
		cause,
	);
	await note(tx, after, 'updated', cause, { fields: [...given.map(([field]) => field)] });
	return toLicense(after, new Date());
}

/** Holds a licence until it is reinstated; payments do not undo it. */
export async function suspendLicense(
	tx: Tx,
	id: string,
	{ reason }: { reason?: string | undefined },
	cause: Cause,
): Promise<License> {
	const before = await locked(tx, id);
	if (before.hold === 'revoked') throw isRevoked();
	return change(tx, before, { hold: 'suspended', holdReason: reason ?? null }, cause);
}

export async function revokeLicense(
	tx: Tx,
	id: string,
	{ reason }: { reason?: string | undefined },
	cause: Cause,
): Promise<License> {
	const before = await locked(tx, id);
	return change(tx, before, { hold: 'revoked', holdReason: reason ?? null }, cause);
}

/**
 * Ends every hold: the operator's, and what payments have said until now. A newer event of a payment counts again.
 * A licence whose time is over stays expired; renew it.
 */
export async function reinstateLicense(
	tx: Tx,
	id: string,
	_input: object,
	cause: Cause,
): Promise<License> {
	const before = await locked(tx, id);
	const sources = await selectSources(tx, [before.orderId, before.orderLineId]);
	const overruledSources = [
		...new Set([...before.overruledSources, ...sources.map(({ sourceId }) => sourceId)]),
	];
	return change(tx, before, { hold: null, holdReason: null, overruledSources }, cause);
}

/** Moves the end: to a time, or by days from the end, or from now when that is past. */
export async function renewLicense(
	tx: Tx,
	id: string,
	until: RenewLicense,
	cause: Cause,
): Promise<License> {
	const before = await locked(tx, id);
	if (before.expiresAt === null) {
		throw conflict('license_endless', 'The licence never ends; there is nothing to renew.');
	}
	const from = Math.max(Date.now(), before.expiresAt.getTime());
	const expiresAt =
		until.expiresAt === undefined
			? new Date(from + (until.days ?? 0) * DAY_MS)
			: new Date(until.expiresAt);
	return change(tx, before, { expiresAt, graceUntil: null }, cause);
}

/** Gives the licence a new key; the old one and all licence files stop to work. */
export async function rotateLicense(
	tx: Tx,
	id: string,
	keys: LicenseKeys,
	cause: Cause,
): Promise<IssuedLicense> {
	const { license, key } = await giveNewKey(tx, await locked(tx, id), keys);
	await note(tx, license, 'rotated', cause);
	await tell(tx, license, 'license.rotated', cause);
	return { ...toLicense(license, new Date()), key };
}

/** Gives the licence to somebody else: the devices of the former holder go, and so does the key. */
export async function transferLicense(
	tx: Tx,
	id: string,
	{ email, name, rotateKey }: TransferLicense,
	keys: LicenseKeys,
	cause: Cause,
): Promise<IssuedLicense | License> {
	const before = await locked(tx, id);
	await removeDevices(tx, id);
	await revokeFiles(tx, id);
	const moved = await updateLicenseRow(tx, id, { email, name: name ?? null, customerId: null });
	const { license, key } = rotateKey
		? await giveNewKey(tx, moved, keys)
		: { license: moved, key: undefined };
	await note(tx, license, 'transferred', cause, { from: before.email, to: email });
	await tell(tx, license, 'license.transferred', cause, { previousEmail: before.email });
	return { ...toLicense(license, new Date()), ...(key === undefined ? {} : { key }) };
}

/** Shows the key once more; who asked is noted. */
export async function revealLicense(
	tx: Tx,
	id: string,
	keys: LicenseKeys,
	cause: Cause,
): Promise<IssuedLicense> {
	const license = await locked(tx, id);
	const key = keys.reveal(license);
	if (key === undefined) {
		throw conflict(
			'license_key_lost',
			'The key still works, but can not be shown: SIGNING_SECRET was changed since. Rotate the licence for a new key.',
		);
	}
	await note(tx, license, 'revealed', cause);
	return { ...toLicense(license, new Date()), key };
}

/** Tells `license.resent`, for the flow that mails keys. */
export async function resendLicense(tx: Tx, id: string, cause: Cause): Promise<License> {
	const license = await locked(tx, id);
	await note(tx, license, 'resent', cause);
	await tell(tx, license, 'license.resent', cause);
	return toLicense(license, new Date());
}

async function giveNewKey(tx: Tx, before: LicenseRow, keys: LicenseKeys) {
	if (before.status === 'revoked') throw isRevoked();
	const { key, stored } = keys.derive(before.id, before.keyVersion + 1);
	await revokeFiles(tx, before.id);
	// updateLicenseRow leaves out what is undefined; null ends the encrypted copy of an imported key.
	return { license: await updateLicenseRow(tx, before.id, stored), key };
}

async function change(
	tx: Tx,
	before: LicenseRow,
	patch: Parameters<typeof settle>[2],
	cause: Cause,
): Promise<License> {
	return toLicense(await settle(tx, before, patch, cause), new Date());
}

async function locked(tx: Tx, id: string): Promise<LicenseRow> {
	return found(await lockLicense(tx, id), id);
}

function found(license: LicenseRow | undefined, id: string): LicenseRow {
	if (license === undefined) throw notFound('license', id);
	return license;
}

function isRevoked() {
	return conflict('license_revoked', 'The licence is revoked. Reinstate it first.');
}
