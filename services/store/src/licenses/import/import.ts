import { emitAll } from '@autopilot/events';
import type { Fault } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import { grantFrom } from '../create.ts';
import { insertHistory } from '../history-store.ts';
import type { LicenseKeys } from '../key.ts';
import { toLicense } from '../present.ts';
import type { Cause } from '../settle.ts';
import { insertLicenses, type LicenseRow, type NewLicense } from '../store.ts';
import type { ImportedRow, ImportLicenses, ImportResult } from './schema.ts';
import { faultOf, knownAs, sift, type Wanted } from './sift.ts';
import { newIds, type ProductTerms, selectKnown, selectProducts } from './store.ts';

/**
 * Issues up to a thousand licences at once, with keys of another shop or new ones. Each row is created, was there
 * before, or is refused for a reason of its own; a refused row keeps no other out. Told as `license.created` with
 * `imported: true`, so that a flow which greets buyers can leave these alone.
 */
export async function importLicenses(
	tx: Tx,
	input: ImportLicenses,
	keys: LicenseKeys,
	cause: Cause,
): Promise<ImportResult> {
	const rows = new Map<number, ImportedRow>();
	const sifted = sift(input.licenses, input.productId);
	for (const row of sifted) {
		if ('errors' in row) rows.set(row.index, refused(row.index, row.externalId, row.errors));
	}
	const wanted = sifted.filter((row): row is Wanted => !('errors' in row));
	const products = await selectProducts(tx, [
		...new Set(wanted.map(({ input: { productId } }) => productId)),
	]);
	const sold = wanted.filter((row) => {
		if (products.has(row.input.productId)) return true;
		rows.set(row.index, refuse(row, faultOf(row.index, 'productId', 'is unknown')));
		return false;
	});
	const news = await leftOver(tx, sold, rows);
	const made = await create(tx, news, { products, keys });
	for (const [row, license] of made) rows.set(row.index, shown(row, license, 'created', keys));
	// What another import has written since this one looked.
	const raced = await leftOver(
		tx,
		news.filter((row) => !made.has(row)),
		rows,
	);
	for (const row of raced) rows.set(row.index, refuse(row, faultOf(row.index, 'key', 'is taken')));
	await record(tx, [...made.values()], cause);
	const ordered = [...rows.values()].sort((a, b) => a.index - b.index);
	const count = (status: ImportedRow['status']) =>
		ordered.filter((row) => row.status === status).length;
	return {
		created: count('created'),
		existing: count('existing'),
		rejected: count('rejected'),
		rows: ordered,
	};
}

/** Answers the rows that are known already. @returns the others */
async function leftOver(
	tx: Tx,
	wanted: readonly Wanted[],
	rows: Map<number, ImportedRow>,
): Promise<Wanted[]> {
	if (wanted.length === 0) return [];
	const known = await selectKnown(tx, {
		externalIds: wanted.flatMap(({ input: { externalId } }) => externalId ?? []),
		keyHashes: wanted.flatMap(({ keyHash }) => keyHash ?? []),
	});
	return wanted.filter((row) => {
		const found = knownAs(row, known);
		if (found === undefined) return true;
		rows.set(row.index, 'detail' in found ? refuse(row, found) : shown(row, found, 'existing'));
		return false;
	});
}

async function create(
	tx: Tx,
	wanted: readonly Wanted[],
	{ products, keys }: { products: Map<string, ProductTerms>; keys: LicenseKeys },
): Promise<Map<Wanted, LicenseRow>> {
	if (wanted.length === 0) return new Map();
	const ids = await newIds(tx, wanted.length);
	const byId = new Map<string, Wanted>();
	// In one order, so that two imports of the same rows wait for each other and do not cross.
	const sorted = [...wanted].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
	const licenses = sorted.flatMap((row, index): NewLicense[] => {
		const [id, product] = [ids[index], products.get(row.input.productId)];
		if (id === undefined || product === undefined) return [];
		byId.set(id, row);
		const { input } = row;
		return [
			{
				id,
				...(input.key === undefined ? keys.derive(id, 1).stored : keys.adopt(input.key)),
				...(input.externalId === undefined ? {} : { externalId: input.externalId }),
				productId: product.id,
				productTitle: product.title,
				...{ orderId: null, orderNumber: null, orderLineId: null, unit: 1, customerId: null },
				email: input.email,
				name: input.name ?? null,
				metadata: input.metadata,
				...{ subscriptionId: null, subscriptionStatus: null },
				...grantFrom(input, product.policy ?? undefined, []),
			},
		];
	});
	const made = new Map<Wanted, LicenseRow>();
	for (const license of await insertLicenses(tx, licenses)) {
		const row = byId.get(license.id);
		if (row !== undefined) made.set(row, license);
	}
	return made;
}

async function record(tx: Tx, licenses: LicenseRow[], cause: Cause): Promise<void> {
	if (licenses.length === 0) return;
	const { correlationId, actor = 'store' } = cause;
	await insertHistory(
		tx,
		licenses.map(({ id: licenseId, externalId }) => ({
			...{ licenseId, action: 'imported', actor, correlationId },
			detail: externalId === null ? {} : { externalId },
		})),
	);
	const now = new Date();
	await emitAll(
		tx,
		licenses.map((license) => ({
			type: 'license.created',
			aggregate: { type: 'license', id: license.id },
			data: { ...toLicense(license, now), imported: true },
			correlationId,
		})),
	);
}

function nameOf({ input, keyHash }: Wanted): string {
	return input.externalId ?? keyHash?.toString('hex') ?? '';
}

function shown(
	{ index, input }: Wanted,
	license: LicenseRow,
	status: 'created' | 'existing',
	keys?: LicenseKeys,
): ImportedRow {
	// A key that was sent is known to who sent it; that of an existing licence is for /reveal to show.
	const key = input.key === undefined ? keys?.reveal(license) : undefined;
	return {
		index,
		externalId: license.externalId,
		status,
		licenseId: license.id,
		keyPreview: license.keyPreview,
		...(key === undefined ? {} : { key }),
		errors: [],
	};
}

function refuse({ index, input }: Wanted, fault: Fault): ImportedRow {
	return refused(index, input.externalId ?? null, [fault]);
}

function refused(index: number, externalId: string | null, errors: Fault[]): ImportedRow {
	return { index, externalId, status: 'rejected', licenseId: null, keyPreview: null, errors };
}
