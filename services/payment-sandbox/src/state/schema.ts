import type { StripeObject } from './kinds.ts';

/** Objects that others are found by; each is a column with an index. */
export const REFERENCES = [
	'customer',
	'payment_intent',
	'charge',
	'invoice',
	'subscription',
	'payout',
	'test_clock',
	'product',
	'source',
] as const;
type Reference = (typeof REFERENCES)[number];

/** Tables of the one SQLite file; objects are JSON beside the columns they are found by. */
export const SCHEMA = `
	PRAGMA journal_mode = WAL;
	-- A killed process loses nothing; only a power cut may, and no money moves here.
	PRAGMA synchronous = OFF;
	CREATE TABLE IF NOT EXISTS objects (
		seq INTEGER PRIMARY KEY AUTOINCREMENT,
		id TEXT NOT NULL UNIQUE,
		kind TEXT NOT NULL,
		created INTEGER NOT NULL,
		json TEXT NOT NULL,
		${REFERENCES.map((name) => `"${name}" TEXT`).join(', ')}
	);
	CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, seq);
	${REFERENCES.map((name) => `CREATE INDEX IF NOT EXISTS objects_${name} ON objects ("${name}", kind) WHERE "${name}" IS NOT NULL;`).join('\n')}
	CREATE TABLE IF NOT EXISTS timers (
		id TEXT NOT NULL, action TEXT NOT NULL, clock TEXT NOT NULL, due INTEGER NOT NULL,
		PRIMARY KEY (id, action)
	) WITHOUT ROWID;
	CREATE INDEX IF NOT EXISTS timers_due ON timers (clock, due);
	CREATE TABLE IF NOT EXISTS idempotency (
		key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL
	) WITHOUT ROWID;
	CREATE TABLE IF NOT EXISTS deliveries (
		id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, body TEXT NOT NULL,
		attempt INTEGER NOT NULL, due INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0
	);
	CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (held, due, id);
	CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
`;

/** What stands in the column of a reference. */
export function referenceOf(object: StripeObject, name: Reference): string | null {
	if (object.object === 'invoice' && name === 'subscription') {
		return object.parent?.subscription_details.subscription ?? null;
	}
	if (object.object === 'invoice_payment' && name === 'payment_intent') {
		return object.payment.payment_intent ?? null;
	}
	const value: unknown = Reflect.get(object, name);
	return typeof value === 'string' ? value : null;
}
