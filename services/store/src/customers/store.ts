import type { Queryable, Tx } from '@autopilot/postgres';
import type { CreateCustomer, Customer, ListCustomers, UpdateCustomer } from './schema.ts';

type Row = Omit<Customer, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };

const COLUMNS = `id, email, name, locale, attributes, marketing_consent AS "marketingConsent",
	created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function insertCustomer(tx: Tx, customer: CreateCustomer): Promise<Customer> {
	const { rows } = await tx.query<Row>(
		`INSERT INTO customers (email, name, locale, attributes, marketing_consent)
		VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
		[
			customer.email,
			customer.name ?? null,
			customer.locale,
			customer.attributes,
			customer.marketingConsent ?? null,
		],
	);
	const [row] = rows.map(toCustomer);
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row;
}

export async function findCustomer(db: Queryable, id: string): Promise<Customer | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM customers WHERE id = $1`, [id]);
	return rows.map(toCustomer)[0];
}

/** The same, locked until the transaction ends. */
export async function lockCustomer(tx: Tx, id: string): Promise<Customer | undefined> {
	const { rows } = await tx.query<Row>(
		`SELECT ${COLUMNS} FROM customers WHERE id = $1 FOR UPDATE`,
		[id],
	);
	return rows.map(toCustomer)[0];
}

export async function updateCustomerRow(
	tx: Tx,
	id: string,
	patch: UpdateCustomer,
): Promise<Customer | undefined> {
	const { rows } = await tx.query<Row>(
		`UPDATE customers SET email = coalesce($2, email), name = coalesce($3, name),
			locale = coalesce($4, locale), attributes = coalesce($5, attributes),
			marketing_consent = CASE WHEN $6 THEN $7 ELSE marketing_consent END, updated_at = now()
		WHERE id = $1 RETURNING ${COLUMNS}`,
		[
			id,
			patch.email ?? null,
			patch.name ?? null,
			patch.locale ?? null,
			patch.attributes ?? null,
			patch.marketingConsent !== undefined,
			patch.marketingConsent ?? null,
		],
	);
	return rows.map(toCustomer)[0];
}

export async function deleteCustomerRow(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query('DELETE FROM customers WHERE id = $1', [id]);
	return rowCount === 1;
}

/** The newest first; up to `limit + 1`. */
export async function selectCustomers(db: Queryable, filter: ListCustomers): Promise<Customer[]> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM customers
		WHERE ($1::text IS NULL OR lower(email) = lower($1))
			AND ($2::text IS NULL OR strpos(lower(concat_ws(' ', name, email)), lower($2)) > 0)
			AND ($3::uuid IS NULL OR id < $3)
		ORDER BY id DESC LIMIT $4`,
		[filter.email ?? null, filter.q ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows.map(toCustomer);
}

function toCustomer(row: Row): Customer {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
	};
}
