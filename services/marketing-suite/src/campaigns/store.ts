import type { Queryable, Tx } from '@autopilot/postgres';
import type { Compiled } from '../templates/compiler.ts';
import type { Content } from '../templates/content.ts';
import { compiled } from '../templates/schema.ts';
import type { Campaign, CreateCampaign, ListCampaigns, UpdateCampaign } from './schema.ts';

type Dates = 'createdAt' | 'updatedAt' | 'startedAt' | 'finishedAt';
type Row = Omit<Campaign, Dates> & {
	createdAt: Date;
	updatedAt: Date;
	startedAt: Date | null;
	finishedAt: Date | null;
};

// A job that was cancelled or failed by way of the jobs API ends its campaign too: the job's row is the truth.
const STATUS = `CASE WHEN c.status IN ('sending', 'paused') AND j.state IN ('failed', 'cancelled')
	THEN j.state ELSE c.status END`;
const SELECT = `SELECT c.id, c.name, ${STATUS} AS status, c.subject, c.preheader,
	CASE WHEN c.from_email IS NULL THEN NULL
		ELSE jsonb_build_object('name', c.from_name, 'email', c.from_email) END AS from,
	c.reply_to AS "replyTo", c.template_id AS "templateId", c.mjml, c.data,
	ARRAY(SELECT list_id FROM campaign_lists WHERE campaign_id = c.id ORDER BY list_id) AS lists,
	c.send_once_key AS "sendOnceKey", c.track_opens AS "trackOpens", c.track_clicks AS "trackClicks",
	c.delivery_policy AS "deliveryPolicy", c.audience, c.job_id AS "jobId",
	coalesce(c.error, j.error ->> 'message') AS error, c.created_at AS "createdAt",
	c.updated_at AS "updatedAt", c.started_at AS "startedAt", c.finished_at AS "finishedAt"
	FROM campaigns c LEFT JOIN jobs j ON j.id = c.job_id`;

type Values = Omit<UpdateCampaign, 'lists' | 'templateId'> & {
	templateId?: string | undefined;
	compiled?: Compiled | undefined;
};

/** @returns undefined when there is a campaign with this `sendOnceKey` already */
export async function insertCampaign(
	tx: Tx,
	{ sendOnceKey, ...values }: Values & Pick<CreateCampaign, 'sendOnceKey'>,
): Promise<string | undefined> {
	const { rows } = await tx.query<{ id: string }>(
		`INSERT INTO campaigns (send_once_key, name) VALUES ($1, $2)
		ON CONFLICT (send_once_key) DO NOTHING RETURNING id`,
		[sendOnceKey ?? null, values.name],
	);
	const id = rows[0]?.id;
	if (id !== undefined) await updateDraft(tx, id, values);
	return id;
}

/** @returns false when it is no draft (any more) */
export async function updateDraft(tx: Tx, id: string, values: Values): Promise<boolean> {
	const { rowCount } = await tx.query(
		`UPDATE campaigns SET name = coalesce($2, name), subject = coalesce($3, subject),
			preheader = coalesce($4, preheader),
			from_name = CASE WHEN $6::text IS NULL THEN from_name ELSE $5 END,
			from_email = coalesce($6, from_email), reply_to = coalesce($7, reply_to),
			template_id = CASE WHEN $9::text IS NULL THEN coalesce($8, template_id) END,
			mjml = CASE WHEN $8::uuid IS NULL THEN coalesce($9, mjml) END,
			compiled = CASE WHEN $8::uuid IS NULL THEN coalesce($10, compiled) END,
			data = coalesce($11, data), track_opens = coalesce($12, track_opens),
			track_clicks = coalesce($13, track_clicks),
			delivery_policy = coalesce($14, delivery_policy), updated_at = now()
		WHERE id = $1 AND status = 'draft'`,
		[
			id,
			values.name ?? null,
			values.subject ?? null,
			values.preheader ?? null,
			values.from?.name ?? null,
			values.from?.email ?? null,
			values.replyTo ?? null,
			values.templateId ?? null,
			values.mjml ?? null,
			values.compiled === undefined ? null : JSON.stringify(values.compiled),
			values.data ?? null,
			values.trackOpens ?? null,
			values.trackClicks ?? null,
			values.deliveryPolicy ?? null,
		],
	);
	return rowCount === 1;
}

export async function replaceLists(tx: Tx, id: string, listIds: string[]): Promise<void> {
	await tx.query('DELETE FROM campaign_lists WHERE campaign_id = $1', [id]);
	await tx.query('INSERT INTO campaign_lists SELECT $1, unnest($2::uuid[])', [id, listIds]);
}

export async function findCampaign(db: Queryable, id: string): Promise<Campaign | undefined> {
	const { rows } = await db.query<Row>(`${SELECT} WHERE c.id = $1`, [id]);
	return rows.map(toCampaign)[0];
}

export async function findCampaignByKey(db: Queryable, key: string): Promise<Campaign | undefined> {
	const { rows } = await db.query<Row>(`${SELECT} WHERE c.send_once_key = $1`, [key]);
	return rows.map(toCampaign)[0];
}

/** The campaign that a job sends. */
export async function findCampaignOfJob(
	db: Queryable,
	jobId: string,
): Promise<Campaign | undefined> {
	const { rows } = await db.query<Row>(`${SELECT} WHERE c.job_id = $1`, [jobId]);
	return rows.map(toCampaign)[0];
}

export async function findOwnCompiled(db: Queryable, id: string): Promise<Compiled | undefined> {
	const { rows } = await db.query<{ compiled: unknown }>(
		'SELECT compiled FROM campaigns WHERE id = $1',
		[id],
	);
	return compiled.nullish().parse(rows[0]?.compiled) ?? undefined;
}

export async function deleteCampaignRow(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query(
		`DELETE FROM campaigns WHERE id = $1 AND status NOT IN ('sending', 'paused')`,
		[id],
	);
	return rowCount === 1;
}

/** draft -> sending. Of several that try at once one gets true. */
export async function beginSending(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query(
		`UPDATE campaigns SET status = 'sending', started_at = now(), updated_at = now(),
			ledger_after = '00000000-0000-0000-0000-000000000000'
		WHERE id = $1 AND status = 'draft'`,
		[id],
	);
	return rowCount === 1;
}

export async function setSending(
	tx: Tx,
	id: string,
	{ jobId, audience }: { jobId: string; audience: number },
): Promise<void> {
	await tx.query('UPDATE campaigns SET job_id = $2, audience = $3 WHERE id = $1', [
		id,
		jobId,
		audience,
	]);
}

/** Moves a campaign on, if it is in one of the states to move from. @returns whether it was */
export async function moveStatus(
	db: Queryable,
	id: string,
	move: { from: Campaign['status'][]; to: Campaign['status']; error?: string | null },
): Promise<boolean> {
	const { rowCount } = await db.query(
		`UPDATE campaigns SET status = $3, error = $4, updated_at = now(),
			finished_at = CASE WHEN $3 IN ('sent', 'cancelled', 'failed') THEN now() END
		WHERE id = $1 AND status = ANY($2)`,
		[id, move.from, move.to, move.error ?? null],
	);
	return rowCount === 1;
}

export async function insertSnapshot(
	tx: Tx,
	id: string,
	content: Content & { preheader: string },
): Promise<void> {
	await tx.query(
		`INSERT INTO campaign_snapshots (campaign_id, subject, preheader, html, text)
		VALUES ($1, $2, $3, $4, $5)`,
		[id, content.subject, content.preheader, content.html, content.text],
	);
}

export async function findSnapshot(
	db: Queryable,
	id: string,
): Promise<(Content & { preheader: string }) | undefined> {
	const { rows } = await db.query<Content & { preheader: string }>(
		'SELECT subject, preheader, html, text FROM campaign_snapshots WHERE campaign_id = $1',
		[id],
	);
	return rows[0];
}

/** The newest first; up to `limit + 1`. */
export async function selectCampaigns(db: Queryable, filter: ListCampaigns): Promise<Campaign[]> {
	const { rows } = await db.query<Row>(
		`${SELECT}
		WHERE ($1::text IS NULL OR ${STATUS} = $1)
			AND ($2::text IS NULL OR strpos(lower(c.name), lower($2)) > 0)
			AND ($3::uuid IS NULL OR c.id < $3)
		ORDER BY c.id DESC LIMIT $4`,
		[filter.status ?? null, filter.q ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows.map(toCampaign);
}

function toCampaign(row: Row): Campaign {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		startedAt: row.startedAt?.toISOString() ?? null,
		finishedAt: row.finishedAt?.toISOString() ?? null,
	};
}
