import type { Queryable, Tx } from '@autopilot/postgres';
import type { z } from 'zod';
import type { Script } from '../adapters/script-writer.ts';
import type { Receipt } from './receipt.ts';
import type { orderSchema, VideoFile, VideoTask } from './schema.ts';

/** A video with the state of its job. */
export interface VideoRow {
	id: string;
	order: z.input<typeof orderSchema>;
	script: Script | null;
	file: VideoFile | null;
	receipt: Receipt | null;
	state: VideoTask['status'];
	percent: number;
	step: string;
	attempts: number;
	error: VideoTask['error'];
	createdAt: Date;
	startedAt: Date | null;
	finishedAt: Date | null;
}

const SELECT = `SELECT v.id, v.video_order AS "order", v.script, v.file, v.receipt, v.created_at AS "createdAt",
	j.state, j.percent, j.step, j.attempts, j.error, j.started_at AS "startedAt", j.finished_at AS "finishedAt"
	FROM videos v JOIN jobs j USING (id)`;

/** The row of its job must be there already, in the same transaction. */
export async function insertVideo(
	tx: Tx,
	id: string,
	order: z.output<typeof orderSchema>,
): Promise<void> {
	await tx.query('INSERT INTO videos (id, video_order) VALUES ($1, $2)', [
		id,
		JSON.stringify(order),
	]);
}

export async function findVideo(db: Queryable, id: string): Promise<VideoRow | undefined> {
	const { rows } = await db.query<VideoRow>(`${SELECT} WHERE v.id = $1`, [id]);
	return rows[0];
}

/** The newest first; up to `limit + 1`. */
export async function listVideos(
	db: Queryable,
	filter: { status?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<VideoRow[]> {
	const { rows } = await db.query<VideoRow>(
		`${SELECT} WHERE ($1::text IS NULL OR j.state = $1) AND ($2::uuid IS NULL OR v.id < $2)
		ORDER BY v.id DESC LIMIT $3`,
		[filter.status ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows;
}

export async function saveScript(db: Queryable, id: string, script: Script): Promise<void> {
	await db.query('UPDATE videos SET script = $2 WHERE id = $1', [id, JSON.stringify(script)]);
}

/** A failed check leaves a receipt without a file: it says what was wrong. */
export async function saveOutcome(
	db: Queryable,
	id: string,
	outcome: { file: VideoFile | null; receipt: Receipt },
): Promise<void> {
	await db.query('UPDATE videos SET file = $2, receipt = $3 WHERE id = $1', [
		id,
		outcome.file === null ? null : JSON.stringify(outcome.file),
		JSON.stringify(outcome.receipt),
	]);
}

/** Deletes a video whose job has ended. @returns false when there is none */
export async function deleteEndedVideo(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query(
		`DELETE FROM videos v USING jobs j WHERE v.id = $1 AND j.id = v.id AND j.state NOT IN ('queued', 'running')`,
		[id],
	);
	return rowCount === 1;
}
