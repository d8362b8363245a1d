import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Listing } from '../wire/parameters.ts';
import { noSuch } from '../wire/error.ts';
import type { Kind, Kinds, StripeObject } from './kinds.ts';
import { referenceOf, REFERENCES, SCHEMA } from './schema.ts';

/** A part of a list. */
export interface Page<Item> {
	data: Item[];
	has_more: boolean;
}

/**
 * All that the sandbox knows, in one SQLite file: a restart, also by kill -9, loses nothing, and memory stays small
 * however many payments were made. Every request runs as one transaction.
 */
export class State {
	readonly #db: DatabaseSync;
	readonly #statements = new Map<string, StatementSync>();

	/** @param file  path of the database, or `:memory:` */
	constructor(file: string) {
		this.#db = new DatabaseSync(file);
		this.#db.exec(SCHEMA);
	}

	/** Statements are prepared once. */
	sql(text: string): StatementSync {
		const known = this.#statements.get(text);
		if (known !== undefined) return known;
		const made = this.#db.prepare(text);
		this.#statements.set(text, made);
		return made;
	}

	/** All of `work` or nothing. `work` is synchronous, so no two ever mix. */
	atomically<Result>(work: () => Result, keeps: (error: unknown) => boolean = () => false): Result {
		this.sql('BEGIN').run();
		try {
			const result = work();
			this.sql('COMMIT').run();
			return result;
		} catch (error) {
			this.sql(keeps(error) ? 'COMMIT' : 'ROLLBACK').run();
			throw error;
		}
	}

	put(object: StripeObject): void {
		this.sql(
			`INSERT INTO objects (id, kind, created, json, ${REFERENCES.map((name) => `"${name}"`).join(', ')})
			VALUES (?, ?, ?, ?, ${REFERENCES.map(() => '?').join(', ')})
			ON CONFLICT (id) DO UPDATE SET json = excluded.json,
			${REFERENCES.map((name) => `"${name}" = excluded."${name}"`).join(', ')}`,
		).run(
			object.id,
			object.object,
			'created' in object ? object.created : 0,
			JSON.stringify(object),
			...REFERENCES.map((name) => referenceOf(object, name)),
		);
	}

	get<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
		const row = this.sql('SELECT json FROM objects WHERE id = ? AND kind = ?').get(id, kind);
		return row === undefined ? undefined : parse<Kinds[K]>(row['json']);
	}

	/** Whatever has this id: for `expand`. */
	find(id: string): unknown {
		const row = this.sql('SELECT json FROM objects WHERE id = ?').get(id);
		return row === undefined ? undefined : parse<unknown>(row['json']);
	}

	/** @throws {StripeError} resource_missing, as Stripe words it */
	require<K extends Kind>(kind: K, id: string, param = 'id'): Kinds[K] {
		const object = this.get(kind, id);
		if (object === undefined) throw noSuch(NOUNS[kind] ?? kind, id, param);
		return object;
	}

	remove(id: string): void {
		this.sql('DELETE FROM objects WHERE id = ?').run(id);
		this.sql('DELETE FROM timers WHERE id = ?').run(id);
	}

	/** Newest first, Stripe's way of paging. */
	list<K extends Kind>(kind: K, listing: Listing, where: Where = {}): Page<Kinds[K]> {
		const conditions = ['kind = ?'];
		const values: SQLInputValue[] = [kind];
		for (const [name, value] of Object.entries(where)) {
			if (value === undefined) continue;
			const isReference = REFERENCES.some((reference) => reference === name);
			if (Array.isArray(value)) {
				conditions.push(`json ->> '$.${name}' IN (${value.map(() => '?').join(', ')})`);
				values.push(...value);
			} else {
				conditions.push(isReference ? `"${name}" = ?` : `json ->> '$.${name}' = ?`);
				values.push(value);
			}
		}
		for (const [operator, bound] of Object.entries(listing.created ?? {})) {
			const sign = OPERATORS[operator];
			if (bound === undefined || sign === undefined) continue;
			conditions.push(`created ${sign} ?`);
			values.push(bound);
		}
		const backwards = listing.ending_before !== undefined;
		const cursor = listing.ending_before ?? listing.starting_after;
		if (cursor !== undefined) {
			conditions.push(`seq ${backwards ? '>' : '<'} ?`);
			values.push(this.#seqOf(kind, cursor, backwards ? 'ending_before' : 'starting_after'));
		}
		const rows = this.sql(
			`SELECT json FROM objects WHERE ${conditions.join(' AND ')} ORDER BY seq ${backwards ? 'ASC' : 'DESC'} LIMIT ?`,
		).all(...values, listing.limit + 1);
		const data = rows.slice(0, listing.limit).map((row) => parse<Kinds[K]>(row['json']));
		return { data: backwards ? data.reverse() : data, has_more: rows.length > listing.limit };
	}

	/** All of them, the oldest first. */
	all<K extends Kind>(kind: K, where: Where = {}): Kinds[K][] {
		return this.list(kind, { limit: 1_000_000 }, where).data.reverse();
	}

	#seqOf(kind: Kind, id: string, param: string): number {
		const row = this.sql('SELECT seq FROM objects WHERE id = ? AND kind = ?').get(id, kind);
		if (row === undefined) throw noSuch(NOUNS[kind] ?? kind, id, param);
		return Number(row['seq']);
	}

	setting<Value>(name: string, fallback: Value): Value {
		const row = this.sql('SELECT json FROM settings WHERE name = ?').get(name);
		return row === undefined ? fallback : parse<Value>(row['json']);
	}

	set(name: string, value: unknown): void {
		this.sql('INSERT OR REPLACE INTO settings (name, json) VALUES (?, ?)').run(
			name,
			JSON.stringify(value),
		);
	}

	close(): void {
		this.#statements.clear();
		this.#db.close();
	}
}

/** A number also stands for a boolean: SQLite's JSON gives 1 and 0. */
export type Where = Record<string, string | number | string[] | undefined>;

const OPERATORS: Record<string, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** Stripe's own words where they differ from `object`. */
const NOUNS: Partial<Record<Kind, string>> = {
	'checkout.session': 'checkout.session',
	payment_method: 'PaymentMethod',
	'test_helpers.test_clock': 'test clock',
	'billing_portal.session': 'billing_portal session',
};

/** What this program itself wrote as JSON, in the shape it wrote it. */
function parse<Shape>(json: unknown): Shape {
	return JSON.parse(String(json));
}
