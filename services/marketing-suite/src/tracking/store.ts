import type { Queryable, Tx } from '@autopilot/postgres';

export async function findLinks(
	db: Queryable,
	campaignId: string,
): Promise<{ number: number; url: string }[]> {
	const { rows } = await db.query<{ number: number; url: string }>(
		'SELECT number, url FROM links WHERE campaign_id = $1',
		[campaignId],
	);
	return rows;
}

/** The number of a link; two workers that meet the same link at once get the same one. */
export async function insertLink(db: Queryable, campaignId: string, url: string): Promise<number> {
	// A number that another worker takes in between makes the insert do nothing, and the next round counts on.
	for (;;) {
		const { rows } = await db.query<{ number: number }>(
			`WITH added AS (
				INSERT INTO links (campaign_id, number, url)
				SELECT $1, coalesce(max(number), 0) + 1, $2 FROM links WHERE campaign_id = $1
				ON CONFLICT DO NOTHING RETURNING number
			)
			SELECT number FROM added
			UNION ALL SELECT number FROM links WHERE campaign_id = $1 AND url = $2`,
			[campaignId, url],
		);
		const [row] = rows;
		if (row !== undefined) return row.number;
	}
}

/** What a tracked mail was. */
export interface TrackedEmail {
	recipientId: string;
	campaignId: string;
	contactId: string | null;
	email: string | null;
	/** True when a person has done so for the first time. */
	first: boolean;
}

const TRACKED = `r.id AS "recipientId", r.campaign_id AS "campaignId", r.contact_id AS "contactId", r.email`;

export async function countOpen(
	tx: Tx,
	recipientId: string,
	machine: boolean,
): Promise<TrackedEmail | undefined> {
	const { rows } = await tx.query<TrackedEmail>(
		`UPDATE recipients r SET opens = opens + CASE WHEN $2 THEN 0 ELSE 1 END,
			machine_opens = machine_opens + CASE WHEN $2 THEN 1 ELSE 0 END,
			opened_at = CASE WHEN $2 THEN opened_at ELSE coalesce(opened_at, now()) END
		WHERE id = $1 RETURNING ${TRACKED}, opens = 1 AND NOT $2 AS first`,
		[recipientId, machine],
	);
	return rows[0];
}

export async function findLink(
	db: Queryable,
	recipientId: string,
	number: number,
): Promise<{ url: string; campaignId: string } | undefined> {
	const { rows } = await db.query<{ url: string; campaignId: string }>(
		`SELECT l.url, l.campaign_id AS "campaignId"
		FROM recipients r JOIN links l ON l.campaign_id = r.campaign_id
		WHERE r.id = $1 AND l.number = $2`,
		[recipientId, number],
	);
	return rows[0];
}

/** Counts a click, and an open with it when there was none: who clicks has read, images blocked or not. */
export async function countClick(
	tx: Tx,
	recipientId: string,
	click: { number: number; machine: boolean },
): Promise<(TrackedEmail & { opened: boolean }) | undefined> {
	const { rows } = await tx.query<TrackedEmail & { opened: boolean }>(
		`WITH recipient AS (
			UPDATE recipients SET clicks = clicks + CASE WHEN $3 THEN 0 ELSE 1 END,
				machine_clicks = machine_clicks + CASE WHEN $3 THEN 1 ELSE 0 END,
				clicked_at = CASE WHEN $3 THEN clicked_at ELSE coalesce(clicked_at, now()) END,
				opens = CASE WHEN opens = 0 AND NOT $3 THEN 1 ELSE opens END,
				opened_at = CASE WHEN $3 THEN opened_at ELSE coalesce(opened_at, now()) END
			WHERE id = $1 RETURNING *, old.opens = 0 AND NOT $3 AS opened
		), link AS (
			INSERT INTO link_clicks AS k (recipient_id, campaign_id, number, clicks, machine_clicks)
			SELECT id, campaign_id, $2, CASE WHEN $3 THEN 0 ELSE 1 END, CASE WHEN $3 THEN 1 ELSE 0 END
			FROM recipient
			ON CONFLICT (recipient_id, number) DO UPDATE SET clicks = k.clicks + EXCLUDED.clicks,
				machine_clicks = k.machine_clicks + EXCLUDED.machine_clicks
			RETURNING clicks
		)
		SELECT ${TRACKED}, link.clicks = 1 AND NOT $3 AS first, r.opened FROM recipient r, link`,
		[recipientId, click.number, click.machine],
	);
	return rows[0];
}

/** Notes that a person has unsubscribed by this mail. `first` is false the second time. */
export async function countUnsubscribe(
	tx: Tx,
	recipientId: string,
): Promise<TrackedEmail | undefined> {
	const { rows } = await tx.query<TrackedEmail>(
		`UPDATE recipients r SET unsubscribed_at = coalesce(r.unsubscribed_at, now())
		WHERE id = $1 RETURNING ${TRACKED}, old.unsubscribed_at IS NULL AS first`,
		[recipientId],
	);
	return rows[0];
}

/** Address and state of who a link belongs to, for the unsubscribe page. */
export async function findReader(
	db: Queryable,
	recipientId: string,
): Promise<{ email: string | null; unsubscribed: boolean; sender: string | null } | undefined> {
	const { rows } = await db.query<{
		email: string | null;
		unsubscribed: boolean;
		sender: string | null;
	}>(
		`SELECT r.email, c.unsubscribed_at IS NOT NULL AS unsubscribed, p.from_name AS sender
		FROM recipients r JOIN campaigns p ON p.id = r.campaign_id LEFT JOIN contacts c ON c.id = r.contact_id
		WHERE r.id = $1`,
		[recipientId],
	);
	return rows[0];
}
