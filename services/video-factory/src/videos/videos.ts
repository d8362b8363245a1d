import { emit } from '@autopilot/events';
import { conflict, notFound, unprocessable } from '@autopilot/http';
import { cancel, enqueue, type Job } from '@autopilot/jobs';
import type { Queryable, Tx } from '@autopilot/postgres';
import type { LinkSigner } from '@autopilot/storage';
import type { z } from 'zod';
import type { VoiceInfo } from '../adapters/voice.ts';
import {
	removeVideoFiles,
	renderVideo,
	type FileName,
	type GenerateVideo,
	type orderSchema,
	type VideoTask,
} from './schema.ts';
import { deleteEndedVideo, findVideo, insertVideo, type VideoRow } from './store.ts';

/** How long a link in an answer works: a day, so that a flow can hand it on. */
// A link that a mail or a shop page shows has to work for as long as people read them.
const LINK_SECONDS = 90 * 86_400;

const fileKinds: Record<FileName, string> = {
	video: 'video.mp4',
	poster: 'poster.jpg',
	subtitles: 'subtitles.srt',
};

/** Key of a file of a video in the storage. */
export function fileKey(videoId: string, file: FileName): string {
	return `videos/${videoId}/${fileKinds[file]}`;
}

export function fileNameOf(videoId: string, file: FileName): string {
	return `${videoId}-${fileKinds[file]}`;
}

export function downloadPath(videoId: string): string {
	return `/api/v1/video/download/${videoId}`;
}

export interface Addresses {
	links: LinkSigner;
	publicUrl: string;
}

export interface Orders {
	voices: () => Promise<VoiceInfo[]>;
	/** Languages a script can be written in; undefined for all. */
	scriptLanguages: readonly string[] | undefined;
}

/**
 * Takes an order: the job exists when the transaction commits.
 * @throws {Problem} 422 for a voice or a language that cannot be had
 */
export async function generate(
	tx: Tx,
	body: GenerateVideo,
	means: Orders & Addresses,
	cause: { correlationId: string; callerId: string },
): Promise<VideoTask> {
	const order = await orderOf(body, means);
	const job = await enqueue(tx, renderVideo, {}, { ...cause, callback: body.callback });
	await insertVideo(tx, job.id, order);
	return getVideo(tx, job.id, means);
}

/** Fills in defaults. */
async function orderOf(
	{ callback: _callback, ...body }: GenerateVideo,
	means: Orders,
): Promise<z.output<typeof orderSchema>> {
	const base = body.language.slice(0, 2).toLowerCase();
	if (body.script === undefined && means.scriptLanguages?.includes(base) === false) {
		const known = means.scriptLanguages.join(' and ');
		throw unprocessable(
			'language_unwritable',
			`Without a language model scripts are written in ${known} only. Send a script, or set OPENAI_API_KEY.`,
			[{ pointer: '/language', detail: `must be ${known} unless a script is given` }],
		);
	}
	const voice =
		body.voice === null
			? null
			: {
					id: body.voice?.id ?? (base === 'en' ? 'en-us' : base),
					rate: body.voice?.rate ?? 160,
					pitch: body.voice?.pitch ?? 50,
				};
	if (voice !== null && !(await means.voices()).some(({ id }) => id === voice.id)) {
		throw unprocessable(
			'voice_unknown',
			`There is no voice ${voice.id}. GET /api/v1/video/voices lists them; null makes a video without a voice.`,
			[{ pointer: '/voice/id', detail: 'is not in the list of voices' }],
		);
	}
	return {
		...body,
		voice,
		music: body.music === null ? null : (body.music ?? { mood: 'bright', volume: 0.25 }),
		captions:
			body.captions === null ? null : (body.captions ?? { style: 'bold', position: 'bottom' }),
	};
}

/** @throws {Problem} 404 */
export async function getVideo(db: Queryable, id: string, at: Addresses): Promise<VideoTask> {
	const row = await findVideo(db, id);
	if (row === undefined) throw notFound('video', id);
	return toTask(row, at);
}

/** @throws {Problem} 404, or 409 when it has ended */
export async function cancelVideo(tx: Tx, id: string, at: Addresses): Promise<VideoTask> {
	await getVideo(tx, id, at);
	await cancel(tx, id);
	return getVideo(tx, id, at);
}

/** Deletes a video that has ended; its files go by a job, so that they go even if the storage is down. */
export async function deleteVideo(
	tx: Tx,
	id: string,
	cause: { correlationId: string },
): Promise<void> {
	if (await deleteEndedVideo(tx, id)) {
		await enqueue(tx, removeVideoFiles, { videoId: id }, cause);
		return;
	}
	if ((await findVideo(tx, id)) === undefined) throw notFound('video', id);
	throw conflict('video_unfinished', 'The video is being made. Cancel it first, then delete it.');
}

/** Tells the end of a video, in the transaction that ends its job. A cancelled one is no news. */
export async function tellEnd(tx: Tx, job: Job, at: Addresses): Promise<void> {
	if (job.state !== 'succeeded' && job.state !== 'failed') return;
	const row = await findVideo(tx, job.id);
	if (row === undefined) return;
	await emit(tx, {
		type: `video.${job.state}`,
		aggregate: { type: 'video', id: job.id },
		data: toTask(row, at),
		correlationId: job.correlationId,
	});
}

/** The answer of the API; links are made anew each time. */
export function toTask(row: VideoRow, { links, publicUrl }: Addresses): VideoTask {
	const path = downloadPath(row.id);
	const signed = publicUrl + links.sign(path, LINK_SECONDS);
	const done = row.state === 'succeeded';
	return {
		task_id: row.id,
		status: row.state,
		progress: { percent: row.percent, step: row.step },
		aspect: row.order.aspect,
		title: row.script?.title ?? row.order.product?.title ?? row.order.topic ?? '',
		script: row.script,
		video:
			done && row.file !== null
				? {
						...row.file,
						url: signed,
						downloadUrl: publicUrl + path,
						posterUrl: `${signed}&file=poster`,
						subtitlesUrl: `${signed}&file=subtitles`,
					}
				: null,
		receipt: row.receipt,
		error: row.error,
		attempts: row.attempts,
		createdAt: row.createdAt.toISOString(),
		startedAt: row.startedAt?.toISOString() ?? null,
		finishedAt: row.finishedAt?.toISOString() ?? null,
	};
}
