import type { Queryable, Tx } from '@autopilot/postgres';
import type { Analytics, ListRecipients, Recipient } from './schema.ts';

// Members of the campaign's lists who may be written to. Somebody on two lists is there once.
const AUDIENCE = `SELECT DISTINCT c.id, c.email FROM campaign_lists l
	JOIN list_members m ON m.list_id = l.list_id
	JOIN contacts c ON c.id = m.contact_id
	WHERE l.campaign_id = $1 AND c.unsubscribed_at IS NULL`;

export interface Audience {
	/** All of them. */
	audience: number;
	/** Those among them who get nothing. */
	suppressed: number;
}

/** How many would get a campaign now. */
export async function countAudience(db: Queryable, campaignId: string): Promise<Audience> {
	const { rows } = await db.query<Audience>(
		`SELECT count(*) AS audience, count(s.id) AS suppressed
		FROM (${AUDIENCE}) a LEFT JOIN suppressions s ON s.email_hash = email_hash(a.email)`,
		[campaignId],
	);
	return rows[0] ?? { audience: 0, suppressed: 0 };
}

/** Opens the ledger: one row per person, however often this runs. */
export async function insertRecipients(tx: Tx, campaignId: string): Promise<Audience> {
	await tx.query(
		`INSERT INTO recipients (campaign_id, contact_id, email, state, error)
		SELECT $1, a.id, a.email, CASE WHEN s.id IS NULL THEN 'pending' ELSE 'suppressed' END,
			'suppressed: ' || s.reason
		FROM (${AUDIENCE}) a LEFT JOIN suppressions s ON s.email_hash = email_hash(a.email)
		ON CONFLICT (campaign_id, contact_id) DO NOTHING`,
		[campaignId],
	);
	const { rows } = await tx.query<Audience>(
		`SELECT count(*) AS audience, count(*) FILTER (WHERE state = 'suppressed') AS suppressed
		FROM recipients WHERE campaign_id = $1`,
		[campaignId],
	);
	return rows[0] ?? { audience: 0, suppressed: 0 };
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
		`SELECT l.url, count(*) FILTER (WHERE k.clicks > 0) AS unique,
			coalesce(sum(k.clicks), 0)::int8 AS total, coalesce(sum(k.machine_clicks), 0)::int8 AS machine
		FROM links l LEFT JOIN link_clicks k ON k.campaign_id = l.campaign_id AND k.number = l.number
		WHERE l.campaign_id = $1 GROUP BY l.number, l.url ORDER BY total DESC, l.number LIMIT 200`,
		[campaignId],
	);
	return rows;
}
