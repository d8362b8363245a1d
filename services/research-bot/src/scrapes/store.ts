import type { Queryable, Tx } from '@autopilot/postgres';
import { summarize } from './summary.ts';
import type { ListScrapes, Scrape, ScrapeOptions, ScrapeResult } from './schema.ts';

interface Row {
	id: string;
	jobId: string;
	status: Scrape['status'];
	percent: number;
	step: string;
	error: Scrape['error'];
	urls: string[];
	options: ScrapeOptions;
	createdAt: Date;
	startedAt: Date | null;
	finishedAt: Date | null;
	results: ScrapeResult[];
}

const SELECT = `SELECT s.id, s.job_id AS "jobId", j.state AS status, j.percent, j.step, j.error, s.urls, s.options,
	s.created_at AS "createdAt", j.started_at AS "startedAt", j.finished_at AS "finishedAt",
	coalesce((SELECT jsonb_agg(r.result ORDER BY r.index) FROM scrape_results r WHERE r.scrape_id = s.id), '[]') AS results
	FROM scrapes s JOIN jobs j ON j.id = s.job_id`;

/** Made before the row, as the job's payload names it; in order of time, as lists page by it. */
export async function newScrapeId(tx: Tx): Promise<string> {
	const { rows } = await tx.query<{ id: string }>('SELECT uuidv7() AS id');
	const [row] = rows;
	if (row === undefined) throw new Error('uuidv7() gave no row.');
	return row.id;
}

export async function insertScrape(
	tx: Tx,
	scrape: {
		id: string;
		jobId: string;
		urls: string[];
		options: ScrapeOptions;
		correlationId: string;
	},
): Promise<void> {
	await tx.query(
		'INSERT INTO scrapes (id, job_id, urls, options, correlation_id) VALUES ($1, $2, $3, $4, $5)',
		[scrape.id, scrape.jobId, scrape.urls, scrape.options, scrape.correlationId],
	);
}

export async function findScrape(db: Queryable, id: string): Promise<Scrape | undefined> {
	const { rows } = await db.query<Row>(`${SELECT} WHERE s.id = $1`, [id]);
	return rows.map(toScrape)[0];
}

export async function findScrapeOfJob(db: Queryable, jobId: string): Promise<Scrape | undefined> {
	const { rows } = await db.query<Row>(`${SELECT} WHERE s.job_id = $1`, [jobId]);
	return rows.map(toScrape)[0];
}

/** The newest first; up to `limit + 1`. */
export async function selectScrapes(db: Queryable, filter: ListScrapes): Promise<Scrape[]> {
	const { rows } = await db.query<Row>(
		`${SELECT} WHERE ($1::text IS NULL OR j.state = $1) AND ($2::uuid IS NULL OR s.id < $2)
		ORDER BY s.id DESC LIMIT $3`,
		[filter.status ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows.map(toScrape);
}

/** Stores what is known of a URL. A run that lost its lease may write the same row: the first one stays. */
export async function insertResult(
	db: Queryable,
	scrapeId: string,
	result: ScrapeResult,
	screenshotKey: string | null,
): Promise<void> {
	await db.query(
		`INSERT INTO scrape_results (scrape_id, index, status, result, screenshot_key)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		[scrapeId, result.index, result.status, JSON.stringify(result), screenshotKey],
	);
}

/** Forgets what failed, so that a scrape that is run again tries it again. */
export async function deleteFailedResults(db: Queryable, scrapeId: string): Promise<void> {
	await db.query(`DELETE FROM scrape_results WHERE scrape_id = $1 AND status = 'failed'`, [
		scrapeId,
	]);
}

export async function findScreenshotKey(
	db: Queryable,
	scrapeId: string,
	index: number,
): Promise<string | undefined> {
	const { rows } = await db.query<{ key: string | null }>(
		'SELECT screenshot_key AS key FROM scrape_results WHERE scrape_id = $1 AND index = $2',
		[scrapeId, index],
	);
	return rows[0]?.key ?? undefined;
}

function toScrape({ percent, step, ...row }: Row): Scrape {
	return {
		...row,
		progress: { percent, step },
		summary: summarize(row.results),
		createdAt: row.createdAt.toISOString(),
		startedAt: row.startedAt?.toISOString() ?? null,
		finishedAt: row.finishedAt?.toISOString() ?? null,
	};
}
