import type { Queryable, Tx } from '@autopilot/postgres';
import { iso } from '../shipments/view.ts';
import type { CreateTaxRate, ListTaxRates, TaxRate } from './schema.ts';

const COLUMNS = `id, name, country, region, delivery, basis_points AS "basisPoints", inclusive, active,
	${iso('created_at')} AS "createdAt", ${iso('updated_at')} AS "updatedAt"`;

function valuesOf(rate: CreateTaxRate): unknown[] {
	const { name, country, region, delivery, basisPoints, inclusive, active } = rate;
	return [name, country, region, delivery, basisPoints, inclusive, active];
}

export async function insertTaxRate(tx: Tx, rate: CreateTaxRate): Promise<TaxRate | undefined> {
	const { rows } = await tx.query<TaxRate>(
		`INSERT INTO tax_rates (name, country, region, delivery, basis_points, inclusive, active)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
		valuesOf(rate),
	);
	return rows[0];
}

export async function updateTaxRateRow(
	tx: Tx,
	id: string,
	rate: CreateTaxRate,
): Promise<TaxRate | undefined> {
	const { rows } = await tx.query<TaxRate>(
		`UPDATE tax_rates SET name = $1, country = $2, region = $3, delivery = $4, basis_points = $5, inclusive = $6,
			active = $7, updated_at = now() WHERE id = $8 RETURNING ${COLUMNS}`,
		[...valuesOf(rate), id],
	);
	return rows[0];
}

export async function findTaxRate(db: Queryable, id: string): Promise<TaxRate | undefined> {
	const { rows } = await db.query<TaxRate>(`SELECT ${COLUMNS} FROM tax_rates WHERE id = $1`, [id]);
	return rows[0];
}

/** The same, locked until the transaction ends. */
export async function lockTaxRate(tx: Tx, id: string): Promise<TaxRate | undefined> {
	const { rows } = await tx.query<TaxRate>(
		`SELECT ${COLUMNS} FROM tax_rates WHERE id = $1 FOR UPDATE`,
		[id],
	);
	return rows[0];
}

export async function deleteTaxRateRow(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query('DELETE FROM tax_rates WHERE id = $1', [id]);
	return rowCount === 1;
}

/** The newest first; up to `limit + 1`. */
export async function selectTaxRates(db: Queryable, filter: ListTaxRates): Promise<TaxRate[]> {
	const { rows } = await db.query<TaxRate>(
		`SELECT ${COLUMNS} FROM tax_rates
		WHERE ($1::text IS NULL OR country = $1) AND ($2::uuid IS NULL OR id < $2)
		ORDER BY id DESC LIMIT $3`,
		[filter.country ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows;
}
