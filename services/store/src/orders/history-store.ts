import type { Queryable, Tx } from '@autopilot/postgres';
import { iso } from '../shipments/view.ts';
import type { HistoryEntry, Note } from './schema.ts';

export async function selectHistory(db: Queryable, orderId: string): Promise<HistoryEntry[]> {
	const { rows } = await db.query<HistoryEntry>(
		`SELECT id, kind, from_status AS "fromStatus", to_status AS "toStatus", detail,
			correlation_id AS "correlationId", ${iso('created_at')} AS "createdAt"
		FROM order_history WHERE order_id = $1 ORDER BY id`,
		[orderId],
	);
	return rows;
}

export async function selectNotes(db: Queryable, orderId: string): Promise<Note[]> {
	const { rows } = await db.query<Note>(
		`SELECT id, text, author, ${iso('created_at')} AS "createdAt" FROM order_notes WHERE order_id = $1 ORDER BY id`,
		[orderId],
	);
	return rows;
}

export async function insertNote(
	tx: Tx,
	orderId: string,
	note: { text: string; author: string },
): Promise<Note> {
	const { rows } = await tx.query<Note>(
		`INSERT INTO order_notes (order_id, text, author) VALUES ($1, $2, $3)
		RETURNING id, text, author, ${iso('created_at')} AS "createdAt"`,
		[orderId, note.text, note.author],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row;
}
