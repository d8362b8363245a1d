import { decodeCursor, type Queryable, type Statement, statement } from '@autopilot/postgres';
import type { ListProducts, Variant } from './schema.ts';
import { isId } from './store.ts';

export type Stock = Pick<Variant, 'stock' | 'available'>;

/** A product as a list finds it: which one, at which version, and what changes with every order. */
export interface Listed {
	id: string;
	version: string;
	/** Of each variant, in their order. */
	stock: Stock[];
}

// One row for the whole list: to read 20 rows of 3 columns takes this process longer than to split one text.
const listing = (products: string) => `SELECT string_agg(concat_ws(' ', p.id, p.version, (
			SELECT string_agg(v.stock || ':' || v.reserved, ',' ORDER BY v.position, v.id)
			FROM variants v WHERE v.product_id = p.id
		)), E'\\n') AS text
	FROM (SELECT p.id, p.xmin AS version FROM products p ${products}) p`;
const BY_ID = statement(listing('WHERE p.id = $1'));
const BY_SLUG = statement(listing('WHERE p.slug = $1'));

/** What each filter adds to the query. A set of filters makes a statement of its own, with a plan of its own. */
const CONDITIONS = {
	status: (n: string) => `p.status = ${n}`,
	tag: (n: string) => `p.tags @> ARRAY[${n}]`,
	q: (n: string) => `p.search @@ to_tsquery('simple', ${n})`,
	// Of one variant all three: cheap in euro and dear in yen is not "dear in euro".
	price: (currency: string, min: string, max: string) =>
		`EXISTS (SELECT 1 FROM variants v WHERE v.product_id = p.id
			AND (${currency}::text IS NULL OR v.price_currency = ${currency})
			AND (${min}::bigint IS NULL OR v.price_amount >= ${min})
			AND (${max}::bigint IS NULL OR v.price_amount <= ${max}))`,
	after: (createdAt: string, id: string) =>
		`(p.created_at, p.id) < (${createdAt}::timestamptz, ${id}::uuid)`,
};
const statements = new Map<string, Statement>();

/** The newest first. @returns up to `limit + 1` products, or undefined for a cursor that is none of ours */
export async function listProducts(
	db: Queryable,
	filter: ListProducts,
): Promise<Listed[] | undefined> {
	const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor, 2);
	if (filter.cursor !== undefined && after === undefined) return undefined;
	const { status, tag, q, currency, minPrice, maxPrice } = filter;
	const values: unknown[] = [filter.limit + 1];
	const place = (value: unknown) => `$${values.push(value)}`;
	const conditions: string[] = [];
	if (status !== undefined) conditions.push(CONDITIONS.status(place(status)));
	if (tag !== undefined) conditions.push(CONDITIONS.tag(place(tag)));
	if (q !== undefined) conditions.push(CONDITIONS.q(place(toTextQuery(q))));
	if (currency !== undefined || minPrice !== undefined || maxPrice !== undefined) {
		const price = [currency, minPrice, maxPrice].map((value) => place(value ?? null));
		conditions.push(CONDITIONS.price(price[0] ?? '', price[1] ?? '', price[2] ?? ''));
	}
	const [createdAt, id] = after ?? [];
	if (after !== undefined) conditions.push(CONDITIONS.after(place(createdAt), place(id)));
	return read(db, statementFor(conditions), values);
}

export async function findListed(db: Queryable, idOrSlug: string): Promise<Listed | undefined> {
	return (await read(db, isId(idOrSlug) ? BY_ID : BY_SLUG, [idOrSlug]))[0];
}

function statementFor(conditions: string[]): Statement {
	const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
	const known = statements.get(where);
	if (known !== undefined) return known;
	const made = statement(listing(`${where} ORDER BY p.created_at DESC, p.id DESC LIMIT $1`));
	statements.set(where, made);
	return made;
}

async function read(db: Queryable, sql: Statement, values: unknown[]): Promise<Listed[]> {
	const { rows } = await db.query<{ text: string | null }>(sql, values);
	const text = rows[0]?.text ?? '';
	return text === '' ? [] : text.split('\n').map(toListed);
}

function toListed(line: string): Listed {
	const [id = '', version = '', stock = ''] = line.split(' ');
	return { id, version, stock: stock === '' ? [] : stock.split(',').map(toStock) };
}

function toStock(text: string): Stock {
	const colon = text.indexOf(':');
	const stock = Number(text.slice(0, colon));
	return { stock, available: stock - Number(text.slice(colon + 1)) };
}

/** `desk la` becomes `desk & la:*`. Only letters and digits are left, so no operator of tsquery gets through. */
function toTextQuery(q: string): string | null {
	const words = q.match(/[\p{L}\p{N}]+/gu);
	return words === null ? null : `${words.join(' & ')}:*`;
}
