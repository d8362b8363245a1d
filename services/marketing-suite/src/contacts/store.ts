import type { Queryable, Tx } from '@autopilot/postgres';
import type { Consent, Contact, ListContacts, UpdateContact } from './schema.ts';

type Row = Omit<Contact, 'createdAt' | 'updatedAt' | 'unsubscribedAt'> & {
	createdAt: Date;
	updatedAt: Date;
	unsubscribedAt: Date | null;
};

const SELECT = `SELECT c.id, c.email, c.name, c.attributes, c.unsubscribed_at AS "unsubscribedAt",
	CASE WHEN c.unsubscribed_at IS NULL THEN 'subscribed' ELSE 'unsubscribed' END AS status,
	ARRAY(SELECT list_id FROM list_members WHERE contact_id = c.id ORDER BY list_id) AS lists,
	(SELECT jsonb_build_object('source', source, 'ip', ip,
			'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
		FROM consents WHERE contact_id = c.id AND kind = 'given' ORDER BY id DESC LIMIT 1) AS consent,
	c.created_at AS "createdAt", c.updated_at AS "updatedAt"
	FROM contacts c`;

export interface Upserted {
	id: string;
	created: boolean;
}

/**
 * Adds contacts, or updates those whose address is known: a name replaces, attributes are merged,
 * and who has unsubscribed stays unsubscribed.
 * @returns in no particular order, for each address of which none may be there twice
 */
export async function upsertContacts(
	tx: Tx,
	contacts: { email: string; name: string | null; attributes: Record<string, unknown> }[],
): Promise<Upserted[]> {
	const { rows } = await tx.query<Upserted>(
		`INSERT INTO contacts AS c (email, name, attributes)
		SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[])
		ON CONFLICT (lower(email)) DO UPDATE SET name = coalesce(EXCLUDED.name, c.name),
			attributes = c.attributes || EXCLUDED.attributes, updated_at = now()
		RETURNING id, xmax = 0 AS created`,
		[
			contacts.map((contact) => contact.email),
			contacts.map((contact) => contact.name),
			contacts.map((contact) => JSON.stringify(contact.attributes)),
		],
	);
	return rows;
}

export async function findContacts(db: Queryable, ids: string[]): Promise<Contact[]> {
	const { rows } = await db.query<Row>(`${SELECT} WHERE c.id = ANY($1::uuid[]) ORDER BY c.id`, [
		ids,
	]);
	return rows.map(toContact);
}

/** Locked until the transaction ends. */
export async function lockContact(tx: Tx, id: string): Promise<Contact | undefined> {
	const { rows } = await tx.query<Row>(`${SELECT} WHERE c.id = $1 FOR UPDATE OF c`, [id]);
	return rows.map(toContact)[0];
}

export async function updateContactRow(tx: Tx, id: string, patch: UpdateContact): Promise<void> {
	await tx.query(
		`UPDATE contacts SET email = coalesce($2, email), name = CASE WHEN $3 THEN $4 ELSE name END,
			attributes = coalesce($5, attributes), updated_at = now(),
			unsubscribed_at = CASE WHEN $6 THEN NULL ELSE unsubscribed_at END
		WHERE id = $1`,
		[
			id,
			patch.email ?? null,
			patch.name !== undefined,
			patch.name ?? null,
			patch.attributes ?? null,
			patch.status === 'subscribed',
		],
	);
}

/** @returns false when they had unsubscribed before, or are unknown */
export async function markUnsubscribed(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query(
		`UPDATE contacts SET unsubscribed_at = now(), updated_at = now()
		WHERE id = $1 AND unsubscribed_at IS NULL`,
		[id],
	);
	return rowCount === 1;
}

export async function insertConsents(
	tx: Tx,
	contactIds: string[],
	consent: Consent & { kind: 'given' | 'withdrawn' },
): Promise<void> {
	await tx.query(
		`INSERT INTO consents (contact_id, kind, source, ip, at)
		SELECT unnest($1::uuid[]), $2, $3, $4, coalesce($5, now())`,
		[contactIds, consent.kind, consent.source, consent.ip ?? null, consent.at ?? null],
	);
}

/**
 * Erases a person: the contact goes, the ledger keeps its counts without the address, and who had unsubscribed
 * leaves a hash behind that keeps them from being written to when they are imported again.
 */
export async function eraseContact(tx: Tx, id: string): Promise<boolean> {
	await tx.query(
		`INSERT INTO suppressions (email_hash, reason) SELECT email_hash(email), 'unsubscribed'
		FROM contacts WHERE id = $1 AND unsubscribed_at IS NOT NULL ON CONFLICT DO NOTHING`,
		[id],
	);
	await tx.query(
		`UPDATE recipients SET email = NULL,
			state = CASE WHEN state = 'pending' THEN 'suppressed' ELSE state END,
			error = CASE WHEN state = 'pending' THEN 'the contact was deleted' ELSE error END
		WHERE contact_id = $1`,
		[id],
	);
	const { rowCount } = await tx.query('DELETE FROM contacts WHERE id = $1', [id]);
	return rowCount === 1;
}

/** The newest first; up to `limit + 1`. */
export async function selectContacts(db: Queryable, filter: ListContacts): Promise<Contact[]> {
	const { listId } = filter;
	// A list is read in the order of its members' index, so that a page of it costs the same whoever else there is.
	const [members, id] =
		listId === undefined
			? ['', 'c.id']
			: ['JOIN list_members m ON m.contact_id = c.id AND m.list_id = $4', 'm.contact_id'];
	const { rows } = await db.query<Row>(
		`${SELECT} ${members}
		WHERE ($1::text IS NULL OR strpos(lower(concat_ws(' ', c.name, c.email)), lower($1)) > 0)
			AND ($2::uuid IS NULL OR ${id} < $2)
		ORDER BY ${id} DESC LIMIT $3`,
		[
			filter.q ?? null,
			filter.cursor ?? null,
			filter.limit + 1,
			...(listId === undefined ? [] : [listId]),
		],
	);
	return rows.map(toContact);
}

function toContact(row: Row): Contact {
	return {
		...row,
		unsubscribedAt: row.unsubscribedAt?.toISOString() ?? null,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
	};
}
