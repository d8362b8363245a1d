import type { Queryable } from '@autopilot/postgres';

/** A recipient whose mail is to be sent now, by who has claimed it. */
export interface Claimed {
	id: string;
	contactId: string;
	attempt: number;
	refusals: number;
	email: string;
	name: string | null;
	attributes: Record<string, unknown>;
}

/**
 * Takes recipients that are due, as many as can be sent at once, and marks them `sending`. Whether somebody has
 * unsubscribed or been suppressed is looked at here, in the same statement: it is the last moment.
 * @param dueFrom  nobody is due earlier (see {@link Standing}): the index still has an entry for everybody who was sent
 *   to since the last vacuum, and they would all be passed by with every claim
 * @returns those to send; `suppressed` were put aside
 */
export async function claim(
	db: Queryable,
	campaignId: string,
	{ limit, leaseSeconds, dueFrom }: { limit: number; leaseSeconds: number; dueFrom: string | null },
): Promise<{ claimed: Claimed[]; suppressed: number }> {
	const { rows } = await db.query<Claimed & { state: string }>(
		`WITH due AS MATERIALIZED (
			SELECT id, contact_id FROM recipients
			WHERE campaign_id = $1 AND state = 'pending' AND due_at <= now()
				AND due_at >= coalesce($4::timestamptz, '-infinity')
				AND EXISTS (SELECT 1 FROM campaigns WHERE id = $1 AND status = 'sending')
			ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
		), standing AS MATERIALIZED (
			SELECT due.id, c.email, c.name, c.attributes, CASE
				WHEN c.id IS NULL THEN 'the contact was deleted'
				WHEN c.unsubscribed_at IS NOT NULL THEN 'unsubscribed'
				WHEN s.id IS NOT NULL THEN 'suppressed: ' || s.reason END AS objection
			FROM due LEFT JOIN contacts c ON c.id = due.contact_id
			LEFT JOIN suppressions s ON s.email_hash = email_hash(c.email)
		)
		UPDATE recipients r SET attempt = attempt + 1, email = t.email, error = t.objection,
			state = CASE WHEN t.objection IS NULL THEN 'sending' ELSE 'suppressed' END,
			lease_until = CASE WHEN t.objection IS NULL THEN now() + make_interval(secs => $3) END
		FROM standing t WHERE r.id = t.id
		RETURNING r.id, r.contact_id AS "contactId", r.attempt, r.refusals, r.state, t.email, t.name,
			t.attributes`,
		[campaignId, limit, leaseSeconds, dueFrom],
	);
	const claimed = rows.filter(({ state }) => state === 'sending');
	return { claimed, suppressed: rows.length - claimed.length };
}

export async function renewLeases(
	db: Queryable,
	ids: string[],
	leaseSeconds: number,
): Promise<void> {
	await db.query(
		`UPDATE recipients SET lease_until = now() + make_interval(secs => $2)
		WHERE id = ANY($1::uuid[]) AND state = 'sending'`,
		[ids, leaseSeconds],
	);
}

/** A worker died with these mails in its hands: nobody knows whether they went out. @returns how many */
export async function expireLeases(db: Queryable, campaignId: string): Promise<number> {
	const { rowCount } = await db.query(
		`UPDATE recipients SET state = 'uncertain', lease_until = NULL, due_at = now(),
			error = 'the worker died while it sent this mail'
		WHERE campaign_id = $1 AND state = 'sending' AND lease_until < now()`,
		[campaignId],
	);
	return rowCount ?? 0;
}

/** An uncertain mail. */
export interface Uncertain {
	id: string;
	contactId: string | null;
	email: string | null;
	attempt: number;
}

export async function findUncertain(db: Queryable, campaignId: string): Promise<Uncertain[]> {
	const { rows } = await db.query<Uncertain>(
		`SELECT id, contact_id AS "contactId", email, attempt FROM recipients
		WHERE campaign_id = $1 AND state = 'uncertain' AND due_at <= now() LIMIT 500`,
		[campaignId],
	);
	return rows;
}

/** How a campaign stands. */
export interface Standing {
	status: string;
	audience: number;
	/** Whether mails are under way. */
	sending: boolean;
	uncertain: boolean;
	/** Seconds until the next pending recipient is due; null when there is none. */
	nextDueSeconds: number | null;
	/** When the first of those who are due now became so; null when nobody is. */
	dueFrom: string | null;
}

/** Looked at several times a second, so nobody is counted: it costs the same for any campaign. */
export async function readStanding(db: Queryable, campaignId: string): Promise<Standing> {
	const { rows } = await db.query<Standing>(
		`SELECT c.status, coalesce(c.audience, 0) AS audience,
			EXISTS (SELECT 1 FROM recipients WHERE campaign_id = c.id AND state = 'sending') AS sending,
			EXISTS (SELECT 1 FROM recipients WHERE campaign_id = c.id AND state = 'uncertain') AS uncertain,
			extract(epoch FROM next.due_at - now())::float8 AS "nextDueSeconds",
			CASE WHEN next.due_at <= now() THEN next.due_at::text END AS "dueFrom"
		FROM campaigns c LEFT JOIN LATERAL (
			SELECT due_at FROM recipients WHERE campaign_id = c.id AND state = 'pending'
			ORDER BY due_at LIMIT 1
		) next ON true
		WHERE c.id = $1`,
		[campaignId],
	);
	const [row] = rows;
	if (row === undefined) throw new Error(`Campaign ${campaignId} was deleted while it was sent.`);
	return row;
}

/** Those of whom it is not known yet what becomes of them. */
export async function countOpen(db: Queryable, campaignId: string): Promise<number> {
	const { rows } = await db.query<{ open: number }>(
		`SELECT (SELECT count(*) FROM recipients WHERE campaign_id = $1 AND state = 'pending')
			+ (SELECT count(*) FROM recipients WHERE campaign_id = $1 AND state = 'sending') AS open`,
		[campaignId],
	);
	return rows[0]?.open ?? 0;
}
