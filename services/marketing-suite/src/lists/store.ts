import type { Queryable, Tx } from '@autopilot/postgres';
import type { CreateList, List, ListLists, UpdateList } from './schema.ts';

type Row = Omit<List, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };

const COLUMNS = `l.id, l.name, l.description, l.created_at AS "createdAt", l.updated_at AS "updatedAt",
	m.contacts, m.subscribed`;
// Who has unsubscribed is counted by itself: they are few, and looking at each member's row would cost ten times more.
const MEMBERS = `CROSS JOIN LATERAL (
	SELECT contacts, contacts - unsubscribed AS subscribed
	FROM (SELECT count(*) AS contacts FROM list_members WHERE list_id = l.id),
		(SELECT count(*) AS unsubscribed FROM list_members m JOIN contacts c ON c.id = m.contact_id
			WHERE m.list_id = l.id AND c.unsubscribed_at IS NOT NULL)
) m`;

export async function insertList(tx: Tx, { name, description }: CreateList): Promise<string> {
	const { rows } = await tx.query<{ id: string }>(
		'INSERT INTO lists (name, description) VALUES ($1, $2) RETURNING id',
		[name, description],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row.id;
}

export async function findList(db: Queryable, id: string): Promise<List | undefined> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM lists l ${MEMBERS} WHERE l.id = $1`,
		[id],
	);
	return rows.map(toList)[0];
}

/** Whether there is such a list; its members are not counted. */
export async function listExists(db: Queryable, id: string): Promise<boolean> {
	const { rowCount } = await db.query('SELECT 1 FROM lists WHERE id = $1', [id]);
	return rowCount === 1;
}

export async function updateListRow(tx: Tx, id: string, patch: UpdateList): Promise<boolean> {
	const { rowCount } = await tx.query(
		`UPDATE lists SET name = coalesce($2, name), description = coalesce($3, description),
			updated_at = now() WHERE id = $1`,
		[id, patch.name ?? null, patch.description ?? null],
	);
	return rowCount === 1;
}

export async function deleteListRow(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query('DELETE FROM lists WHERE id = $1', [id]);
	return rowCount === 1;
}

/** The newest first; up to `limit + 1`. */
export async function selectLists(db: Queryable, filter: ListLists): Promise<List[]> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM (
			SELECT * FROM lists WHERE ($1::text IS NULL OR strpos(lower(name), lower($1)) > 0)
				AND ($2::uuid IS NULL OR id < $2)
			ORDER BY id DESC LIMIT $3
		) l ${MEMBERS} ORDER BY l.id DESC`,
		[filter.q ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows.map(toList);
}

/** Finds lists by id or name. @returns ids by the text that named them; what is missing is unknown */
export async function resolveListIds(
	db: Queryable,
	references: string[],
): Promise<Map<string, string>> {
	const { rows } = await db.query<{ reference: string; id: string }>(
		`SELECT reference, l.id FROM unnest($1::text[]) AS reference
		JOIN lists l ON l.id::text = lower(reference) OR lower(l.name) = lower(reference)`,
		[references],
	);
	return new Map(rows.map(({ reference, id }) => [reference, id]));
}

/** @returns how many of them were not members yet */
export async function insertMembers(tx: Tx, listId: string, contactIds: string[]): Promise<number> {
	const { rowCount } = await tx.query(
		`INSERT INTO list_members (list_id, contact_id) SELECT $1, c.id FROM contacts c
		WHERE c.id = ANY($2::uuid[]) ON CONFLICT DO NOTHING`,
		[listId, contactIds],
	);
	return rowCount ?? 0;
}

export async function deleteMember(tx: Tx, listId: string, contactId: string): Promise<boolean> {
	const { rowCount } = await tx.query(
		'DELETE FROM list_members WHERE list_id = $1 AND contact_id = $2',
		[listId, contactId],
	);
	return rowCount === 1;
}

function toList(row: Row): List {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
	};
}
