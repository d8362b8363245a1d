import type { Fault } from '@autopilot/http';
import { hashKey } from '../key.ts';
import type { LicenseRow } from '../store.ts';
import { type ImportedLicense, importedLicense } from './schema.ts';

export interface Wanted {
	index: number;
	input: ImportedLicense & { productId: string };
	/** Of the key that was given; a key that is made is new. */
	keyHash: Buffer | null;
}

export type Sifted = Wanted | { index: number; externalId: string | null; errors: Fault[] };

/** Checks rows by themselves and against each other: of two with one name or key the first counts. */
export function sift(rows: readonly unknown[], productId: string | undefined): Sifted[] {
	const first = new Map<string, number>();
	return rows.map((row, index) => {
		const { data, error } = importedLicense.safeParse(row);
		if (data === undefined) {
			const errors = error.issues.map(({ path, message }) =>
				faultOf(index, path.join('/'), message),
			);
			return { index, externalId: externalIdOf(row), errors };
		}
		const externalId = data.externalId ?? null;
		const product = data.productId ?? productId;
		if (product === undefined) {
			const detail = 'is missing here and for the whole import';
			return { index, externalId, errors: [faultOf(index, 'productId', detail)] };
		}
		const keyHash = data.key === undefined ? null : hashKey(data.key);
		const errors = [
			[externalId === null ? undefined : `id ${externalId}`, 'externalId'] as const,
			[keyHash === null ? undefined : `key ${keyHash.toString('hex')}`, 'key'] as const,
		].flatMap(([name, field]) => {
			if (name === undefined) return [];
			const other = first.get(name);
			if (other === undefined) first.set(name, index);
			return other === undefined ? [] : [faultOf(index, field, `is that of row ${other} as well`)];
		});
		if (errors.length > 0) return { index, externalId, errors };
		return { index, input: { ...data, productId: product.toLowerCase() }, keyHash };
	});
}

/** What the licences that are there say to a row: it is one of them, it can't be had, or (undefined) it is new. */
export function knownAs(
	{ index, input, keyHash }: Wanted,
	known: readonly LicenseRow[],
): LicenseRow | Fault | undefined {
	const { externalId, productId, email } = input;
	const named = known.find((one) => externalId !== undefined && one.externalId === externalId);
	if (named !== undefined) {
		if (named.productId !== productId) {
			return faultOf(index, 'productId', 'is not that of the licence with this externalId');
		}
		if (keyHash === null || named.keyHash.equals(keyHash)) return named;
		return faultOf(index, 'key', 'is not the key of the licence with this externalId');
	}
	const holder = known.find((one) => keyHash !== null && one.keyHash.equals(keyHash));
	if (holder === undefined) return undefined;
	const same =
		externalId === undefined &&
		holder.productId === productId &&
		holder.email.toLowerCase() === email.toLowerCase();
	return same ? holder : faultOf(index, 'key', 'is the key of another licence');
}

export function faultOf(index: number, field: string, detail: string): Fault {
	return { pointer: `/licenses/${index}${field === '' ? '' : `/${field}`}`, detail };
}

function externalIdOf(row: unknown): string | null {
	if (typeof row !== 'object' || row === null || !('externalId' in row)) return null;
	return typeof row.externalId === 'string' ? row.externalId : null;
}
