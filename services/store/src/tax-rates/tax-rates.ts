import { notFound, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { CreateTaxRate, TaxRate, UpdateTaxRate } from './schema.ts';
import {
	deleteTaxRateRow,
	findTaxRate,
	insertTaxRate,
	lockTaxRate,
	updateTaxRateRow,
} from './store.ts';

const TAKEN = {
	tax_rates_place: () =>
		unprocessable(
			'tax_rate_exists',
			'There is a rate for this country, region and delivery already. Change that one.',
		),
};

export async function createTaxRate(tx: Tx, input: CreateTaxRate): Promise<TaxRate> {
	return found(await onUniqueViolation(TAKEN, () => insertTaxRate(tx, input)), input.name);
}

export async function getTaxRate(db: Queryable, id: string): Promise<TaxRate> {
	return found(await findTaxRate(db, id), id);
}

/** For orders from now on; what was priced stays. */
export async function updateTaxRate(tx: Tx, id: string, patch: UpdateTaxRate): Promise<TaxRate> {
	const before = found(await lockTaxRate(tx, id), id);
	const after = Object.assign({ ...before }, patch);
	return found(await onUniqueViolation(TAKEN, () => updateTaxRateRow(tx, id, after)), id);
}

export async function deleteTaxRate(tx: Tx, id: string): Promise<void> {
	if (!(await deleteTaxRateRow(tx, id))) throw notFound('tax rate', id);
}

function found(rate: TaxRate | undefined, id: string): TaxRate {
	if (rate === undefined) throw notFound('tax rate', id);
	return rate;
}
