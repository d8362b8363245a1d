import type { Queryable, Tx } from '@autopilot/postgres';
import type { Job, JobCallback } from './schema.ts';

interface Row {
	id: string;
	name: string;
	state: Job['state'];
	percent: number;
	step: string;
	attempts: number;
	result: unknown;
	error: Job['error'];
	correlationId: string;
	createdAt: Date;
	startedAt: Date | null;
	finishedAt: Date | null;
}

const COLUMNS = `id, name, state, percent, step, attempts, result, error, correlation_id AS "correlationId",
	created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

/** Channel that carries the id of a job that is due. */
export const JOBS_CHANNEL = 'jobs';
/** Channel that carries the id of a running job that is to stop. */
export const CANCEL_CHANNEL = 'jobs_cancel';

export function toJob(row: Row): Job {
	const { percent, step, ...rest } = row;
	return {
		...rest,
		progress: { percent, step },
		createdAt: row.createdAt.toISOString(),
		startedAt: row.startedAt?.toISOString() ?? null,
		finishedAt: row.finishedAt?.toISOString() ?? null,
	};
}

export interface NewJob {
	id?: string | undefined;
	name: string;
	payload: unknown;
	maxAttempts: number;
	correlationId: string;
	callerId?: string | undefined;
	callback?: JobCallback | undefined;
}

export async function insertJob(tx: Tx, job: NewJob): Promise<Job> {
	const { rows } = await tx.query<Row>(
		`INSERT INTO jobs (id, name, payload, max_attempts, correlation_id, caller_id, callback_url, callback_count)
		VALUES (coalesce($1, uuidv7()), $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
		[
			job.id ?? null,
			job.name,
			JSON.stringify(job.payload),
			job.maxAttempts,
			job.correlationId,
			job.callerId ?? null,
			job.callback?.url ?? null,
			job.callback?.count ?? null,
		],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	await tx.query('SELECT pg_notify($1, $2)', [JOBS_CHANNEL, `${row.name} ${row.id}`]);
	return toJob(row);
}

export async function findJob(db: Queryable, id: string): Promise<Job | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM jobs WHERE id = $1`, [id]);
	return rows.map(toJob)[0];
}

/** The newest first. */
export async function listJobs(
	db: Queryable,
	filter: {
		state?: string | undefined;
		name?: string | undefined;
		before?: string | undefined;
		limit: number;
	},
): Promise<Job[]> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM jobs WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR name = $2)
			AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
		[filter.state ?? null, filter.name ?? null, filter.before ?? null, filter.limit],
	);
	return rows.map(toJob);
}

export interface ClaimedJob {
	id: string;
	name: string;
	payload: unknown;
	attempts: number;
	maxAttempts: number;
	correlationId: string;
	/** It was to stop already when its last run was lost. */
	cancelled: boolean;
}

/** What a run holds a job with. */
export interface Lease {
	token: string;
	leaseSeconds: number;
}

/** Takes a job over for one run. Undefined when it is not due, or another run holds it. */
export async function claimJob(
	db: Queryable,
	id: string,
	run: Lease,
): Promise<ClaimedJob | undefined> {
	const { rows } = await db.query<ClaimedJob>(
		`UPDATE jobs SET state = 'running', attempts = attempts + 1, run_token = $2,
			lease_until = now() + make_interval(secs => $3), started_at = coalesce(started_at, now())
		WHERE id = $1 AND state = 'queued' AND run_at <= now()
		RETURNING id, name, payload, attempts, max_attempts AS "maxAttempts", correlation_id AS "correlationId",
			cancel_requested_at IS NOT NULL AS cancelled`,
		[id, run.token, run.leaseSeconds],
	);
	return rows[0];
}

/** Shows life. `lost`: another run has taken over; `cancelled`: the run is to stop. */
export async function renewLease(
	db: Queryable,
	id: string,
	run: Lease,
): Promise<'held' | 'lost' | 'cancelled'> {
	const { rows } = await db.query<{ cancelled: boolean }>(
		`UPDATE jobs SET lease_until = now() + make_interval(secs => $3)
		WHERE id = $1 AND run_token = $2 RETURNING cancel_requested_at IS NOT NULL AS cancelled`,
		[id, run.token, run.leaseSeconds],
	);
	const [row] = rows;
	if (row === undefined) return 'lost';
	return row.cancelled ? 'cancelled' : 'held';
}

export async function setProgress(
	db: Queryable,
	id: string,
	progress: { token: string; percent: number; step: string },
): Promise<void> {
	await db.query('UPDATE jobs SET percent = $3, step = $4 WHERE id = $1 AND run_token = $2', [
		id,
		progress.token,
		progress.percent,
		progress.step,
	]);
}

export interface JobEnd {
	state: 'succeeded' | 'failed' | 'cancelled';
	result?: unknown;
	error?: { code: string; message: string } | undefined;
}

/** Ends a job that this run holds (`token`), or one that nobody does (null). Undefined when it is not ours to end. */
export async function endJob(
	tx: Tx,
	id: string,
	{ token, end }: { token: string | null; end: JobEnd },
): Promise<Job | undefined> {
	const { rows } = await tx.query<Row>(
		`UPDATE jobs SET state = $3, result = $4, error = $5, run_token = NULL, lease_until = NULL,
			finished_at = now(), percent = CASE WHEN $3 = 'succeeded' THEN 100 ELSE percent END,
			step = CASE WHEN $3 = 'succeeded' THEN 'done' ELSE step END
		WHERE id = $1 AND run_token IS NOT DISTINCT FROM $2 AND state IN ('queued', 'running')
		RETURNING ${COLUMNS}`,
		[
			id,
			token,
			end.state,
			end.result === undefined ? null : JSON.stringify(end.result),
			end.error === undefined ? null : JSON.stringify(end.error),
		],
	);
	return rows.map(toJob)[0];
}

/** Puts a job back, to run again after a while. */
export async function requeueJob(
	db: Queryable,
	id: string,
	retry: { token: string; delayMs: number; error?: Job['error']; counted: boolean },
): Promise<void> {
	await db.query(
		`UPDATE jobs SET state = 'queued', run_token = NULL, lease_until = NULL, error = coalesce($4, error),
			run_at = now() + make_interval(secs => $3 / 1000.0),
			attempts = attempts - CASE WHEN $5 THEN 0 ELSE 1 END
		WHERE id = $1 AND run_token = $2`,
		[
			id,
			retry.token,
			retry.delayMs,
			retry.error == null ? null : JSON.stringify(retry.error),
			retry.counted,
		],
	);
}

/** Jobs of these names that are due and wait for a run. */
export async function dueJobs(
	db: Queryable,
	names: string[],
	limit: number,
): Promise<{ id: string; attempts: number }[]> {
	const { rows } = await db.query<{ id: string; attempts: number }>(
		`SELECT id, attempts FROM jobs WHERE state = 'queued' AND run_at <= now() AND name = ANY($1)
		ORDER BY run_at LIMIT $2`,
		[names, limit],
	);
	return rows;
}

/** Puts back the jobs whose worker shows no life any more, while they have attempts left. */
export async function requeueOrphans(db: Queryable, names: string[]): Promise<void> {
	await db.query(
		`UPDATE jobs SET state = 'queued', run_token = NULL, lease_until = NULL, run_at = now()
		WHERE state = 'running' AND lease_until < now() AND attempts < max_attempts AND name = ANY($1)`,
		[names],
	);
}

/** Jobs whose last attempt died with its worker; `token` is that of the dead run. */
export async function spentOrphans(
	db: Queryable,
	names: string[],
): Promise<{ id: string; token: string }[]> {
	// Asked for by its attempts, not by being left over: a lease may run out after the others were put back.
	const { rows } = await db.query<{ id: string; token: string }>(
		`SELECT id, run_token AS token FROM jobs
		WHERE state = 'running' AND lease_until < now() AND attempts >= max_attempts AND name = ANY($1)`,
		[names],
	);
	return rows;
}

/**
 * Marks a job as to be stopped, and holds its row: a waiting one can't be claimed before this is committed.
 * @returns whether a worker runs it and was told
 */
export async function requestCancel(tx: Tx, id: string): Promise<boolean> {
	const { rows } = await tx.query<{ state: Job['state'] }>(
		`UPDATE jobs SET cancel_requested_at = now() WHERE id = $1 AND state IN ('queued', 'running')
		RETURNING state`,
		[id],
	);
	if (rows[0]?.state !== 'running') return false;
	await tx.query('SELECT pg_notify($1, $2)', [CANCEL_CHANNEL, id]);
	return true;
}

/** Gives a failed or cancelled job all its attempts again. */
export async function retryEnded(tx: Tx, id: string): Promise<Job | undefined> {
	const { rows } = await tx.query<Row>(
		`UPDATE jobs SET state = 'queued', attempts = 0, error = NULL, finished_at = NULL, run_at = now(),
			cancel_requested_at = NULL, percent = 0, step = 'queued'
		WHERE id = $1 AND state IN ('failed', 'cancelled') RETURNING ${COLUMNS}`,
		[id],
	);
	const [row] = rows;
	if (row === undefined) return undefined;
	await tx.query('SELECT pg_notify($1, $2)', [JOBS_CHANNEL, `${row.name} ${id}`]);
	return toJob(row);
}

/** All jobs that share the call-back of this one, if all of them have ended; else undefined. */
export async function finishedGroup(
	tx: Tx,
	id: string,
): Promise<{ url: string; secretHash: Buffer | null; jobs: Job[] } | undefined> {
	const { rows: own } = await tx.query<{ url: string | null; count: number | null }>(
		'SELECT callback_url AS url, callback_count AS count FROM jobs WHERE id = $1',
		[id],
	);
	const url = own[0]?.url;
	if (url == null) return undefined;
	// Two jobs of a group may end at once; each must see the other.
	await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [url]);
	// Counted first: a group may have a thousand jobs, and all their results are of use to the last one only.
	const { rows: counts } = await tx.query<{ ended: number; total: number }>(
		'SELECT count(finished_at) AS ended, count(*) AS total FROM jobs WHERE callback_url = $1',
		[url],
	);
	const { ended, total } = counts[0] ?? { ended: 0, total: 0 };
	if (ended < (own[0]?.count ?? 1) || ended < total) return undefined;
	const { rows } = await tx.query<Row & { secretHash: Buffer | null }>(
		`SELECT ${COLUMNS}, (SELECT hash FROM api_keys k WHERE k.id = caller_id) AS "secretHash"
		FROM jobs WHERE callback_url = $1 ORDER BY id`,
		[url],
	);
	const jobs = rows.map(({ secretHash: _hash, ...row }) => toJob(row));
	return { url, secretHash: rows[0]?.secretHash ?? null, jobs };
}
