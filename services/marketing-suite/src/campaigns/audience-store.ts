import type { Queryable, Tx } from '@autopilot/postgres';
import type { Analytics, ListRecipients, Recipient } from './schema.ts';

export interface Audience {
	/** All of them. */
	audience: number;
	/** Those among them who get nothing. */
	suppressed: number;
}

/** How many would get a campaign now: members of its lists who may be written to, each once. */
export async function countAudience(db: Queryable, campaignId: string): Promise<Audience> {
	const { rows } = await db.query<Audience>(
		`SELECT count(*) AS audience, count(s.id) AS suppressed
		FROM contacts c LEFT JOIN suppressions s ON s.email_hash = email_hash(c.email)
		WHERE c.unsubscribed_at IS NULL AND c.id IN (
			SELECT m.contact_id FROM campaign_lists l JOIN list_members m ON m.list_id = l.list_id
			WHERE l.campaign_id = $1)`,
		[campaignId],
	);
	return rows[0] ?? { audience: 0, suppressed: 0 };
}

/**
 * Writes the next piece of a campaign's ledger, in the order of the contacts' ids: one row per person, however often
 * and by how many this is run. A whole list at once would hold locks on all its contacts for seconds.
 * @param people  how many contacts are looked at
 * @returns false when nobody is missing any more
 */
export async function writeLedger(tx: Tx, campaignId: string, people: number): Promise<boolean> {
	const { rows } = await tx.query<{ after: string }>(
		`SELECT ledger_after AS after FROM campaigns
		WHERE id = $1 AND ledger_after IS NOT NULL FOR NO KEY UPDATE`,
		[campaignId],
	);
	const [campaign] = rows;
	if (campaign === undefined) return false;
	const { rows: looked } = await tx.query<{ last: string | null }>(
		`WITH people AS MATERIALIZED (
			SELECT DISTINCT m.contact_id AS id FROM campaigns p
			JOIN campaign_lists l ON l.campaign_id = p.id
			CROSS JOIN LATERAL (
				SELECT contact_id FROM list_members
				WHERE list_id = l.list_id AND contact_id > $2 AND added_at <= p.started_at
				ORDER BY contact_id LIMIT $3
			) m
			WHERE p.id = $1 ORDER BY id LIMIT $3
		), written AS (
			INSERT INTO recipients (campaign_id, contact_id, email, state, error)
			SELECT $1, c.id, c.email, CASE WHEN s.id IS NULL THEN 'pending' ELSE 'suppressed' END,
				'suppressed: ' || s.reason
			FROM people JOIN contacts c ON c.id = people.id AND c.unsubscribed_at IS NULL
			LEFT JOIN suppressions s ON s.email_hash = email_hash(c.email)
			ON CONFLICT (campaign_id, contact_id) DO NOTHING
		)
		SELECT id AS last FROM people ORDER BY id OFFSET $3 - 1`,
		[campaignId, campaign.after, people],
	);
	const last = looked[0]?.last ?? null;
	await tx.query('UPDATE campaigns SET ledger_after = $2 WHERE id = $1', [campaignId, last]);
	return last !== null;
}

/** How many people a campaign has whose ledger is still being written; undefined when all are in it. */
export async function findExpected(db: Queryable, campaignId: string): Promise<number | undefined> {
	const { rows } = await db.query<{ audience: number | null }>(
		'SELECT audience FROM campaigns WHERE id = $1 AND ledger_after IS NOT NULL',
		[campaignId],
	);
	return rows[0]?.audience ?? undefined;
}

export async function countSuppressed(db: Queryable, campaignId: string): Promise<number> {
	const { rows } = await db.query<{ count: number }>(
		`SELECT count(*) FROM recipients WHERE campaign_id = $1 AND state = 'suppressed'`,
		[campaignId],
	);
	return rows[0]?.count ?? 0;
}

type RecipientRow = Omit<Recipient, 'sentAt' | 'openedAt' | 'clickedAt' | 'unsubscribedAt'> &
	Record<'sentAt' | 'openedAt' | 'clickedAt' | 'unsubscribedAt', Date | null>;

/** The newest first; up to `limit + 1`. */
export async function selectRecipients(
	db: Queryable,
	{ campaignId, ...filter }: ListRecipients & { campaignId: string },
): Promise<Recipient[]> {
	const { rows } = await db.query<RecipientRow>(
		`SELECT id, contact_id AS "contactId", email, state, attempt AS attempts, error, response,
			sent_at AS "sentAt", opens, opened_at AS "openedAt", clicks, clicked_at AS "clickedAt",
			unsubscribed_at AS "unsubscribedAt"
		FROM recipients WHERE campaign_id = $1 AND ($2::text IS NULL OR state = $2)
			AND ($3::uuid IS NULL OR id < $3)
		ORDER BY id DESC LIMIT $4`,
		[campaignId, filter.state ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows.map((row) => ({
		...row,
		sentAt: row.sentAt?.toISOString() ?? null,
		openedAt: row.openedAt?.toISOString() ?? null,
		clickedAt: row.clickedAt?.toISOString() ?? null,
		unsubscribedAt: row.unsubscribedAt?.toISOString() ?? null,
	}));
}

type Counts = Omit<Analytics, 'opened' | 'clicked' | 'rates' | 'links' | 'updatedAt'> &
	Record<`${'opened' | 'clicked'}${'Unique' | 'Total' | 'Machine'}`, number>;

/** Counted from the ledger each time, so no counter can be wrong. */
export async function countRecipients(db: Queryable, campaignId: string): Promise<Counts> {
	const states = ['pending', 'sending', 'sent', 'failed', 'suppressed', 'uncertain'];
	const { rows } = await db.query<Counts>(
		`SELECT count(*) AS audience,
			${states.map((state) => `count(*) FILTER (WHERE state = '${state}') AS ${state},`).join(' ')}
			count(*) FILTER (WHERE opens > 0) AS "openedUnique", coalesce(sum(opens), 0)::int8 AS "openedTotal",
			coalesce(sum(machine_opens), 0)::int8 AS "openedMachine",
			count(*) FILTER (WHERE clicks > 0) AS "clickedUnique",
			coalesce(sum(clicks), 0)::int8 AS "clickedTotal",
			coalesce(sum(machine_clicks), 0)::int8 AS "clickedMachine",
			count(unsubscribed_at) AS unsubscribed
		FROM recipients WHERE campaign_id = $1`,
		[campaignId],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('SELECT count(*) gave no row.');
	return row;
}

export async function countLinks(db: Queryable, campaignId: string): Promise<Analytics['links']> {
	const { rows } = await db.query<Analytics['links'][number]>(
		`SELECT l.url, coalesce(k.people, 0) AS unique, coalesce(k.clicks, 0) AS total,
			coalesce(k.machine_clicks, 0) AS machine
		FROM links l LEFT JOIN (
			SELECT number, count(*) FILTER (WHERE clicks > 0) AS people, sum(clicks)::int8 AS clicks,
				sum(machine_clicks)::int8 AS machine_clicks
			FROM link_clicks WHERE campaign_id = $1 GROUP BY number
		) k ON k.number = l.number
		WHERE l.campaign_id = $1 ORDER BY total DESC, l.number LIMIT 200`,
		[campaignId],
	);
	return rows;
}
