import type { Queryable, Tx } from '@autopilot/postgres';
import { iso } from '../shipments/view.ts';
import type { CreateShippingOption, ListShippingOptions, ShippingOption } from './schema.ts';

const COLUMNS = `id, name, countries, jsonb_build_object('amount', amount, 'currency', currency) AS price,
	free_from AS "freeFrom", estimate, active, ${iso('created_at')} AS "createdAt", ${iso('updated_at')} AS "updatedAt"`;

function valuesOf(option: CreateShippingOption): unknown[] {
	const { name, countries, price, freeFrom, estimate, active } = option;
	return [name, countries, price.amount, price.currency, freeFrom, estimate, active];
}

export async function insertShippingOption(
	tx: Tx,
	option: CreateShippingOption,
): Promise<ShippingOption | undefined> {
	const { rows } = await tx.query<ShippingOption>(
		`INSERT INTO shipping_options (name, countries, amount, currency, free_from, estimate, active)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
		valuesOf(option),
	);
	return rows[0];
}

export async function updateShippingOptionRow(
	tx: Tx,
	id: string,
	option: CreateShippingOption,
): Promise<ShippingOption | undefined> {
	const { rows } = await tx.query<ShippingOption>(
		`UPDATE shipping_options SET name = $1, countries = $2, amount = $3, currency = $4, free_from = $5,
			estimate = $6, active = $7, updated_at = now() WHERE id = $8 RETURNING ${COLUMNS}`,
		[...valuesOf(option), id],
	);
	return rows[0];
}

export async function findShippingOption(
	db: Queryable,
	id: string,
): Promise<ShippingOption | undefined> {
	const { rows } = await db.query<ShippingOption>(
		`SELECT ${COLUMNS} FROM shipping_options WHERE id = $1`,
		[id],
	);
	return rows[0];
}

/** The same, locked until the transaction ends. */
export async function lockShippingOption(tx: Tx, id: string): Promise<ShippingOption | undefined> {
	const { rows } = await tx.query<ShippingOption>(
		`SELECT ${COLUMNS} FROM shipping_options WHERE id = $1 FOR UPDATE`,
		[id],
	);
	return rows[0];
}

export async function deleteShippingOptionRow(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query('DELETE FROM shipping_options WHERE id = $1', [id]);
	return rowCount === 1;
}

/** The newest first; up to `limit + 1`. */
export async function selectShippingOptions(
	db: Queryable,
	filter: ListShippingOptions,
): Promise<ShippingOption[]> {
	const { rows } = await db.query<ShippingOption>(
		`SELECT ${COLUMNS} FROM shipping_options
		WHERE ($1::text IS NULL OR countries = '{}' OR countries @> ARRAY[$1]) AND ($2::uuid IS NULL OR id < $2)
		ORDER BY id DESC LIMIT $3`,
		[filter.country ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows;
}
