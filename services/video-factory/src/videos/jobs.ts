import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { handle, JobFailure, type JobContext, type JobHandler } from '@autopilot/jobs';
import type { Database } from '@autopilot/postgres';
import type { Storage } from '@autopilot/storage';
import { ScriptError } from '../adapters/script-writer.ts';
import { VoiceError } from '../adapters/voice.ts';
import { PictureError } from './pictures.ts';
import { GateError, produce, type Production, type Studio } from './produce.ts';
import {
	fileNames,
	orderSchema,
	removeVideoFiles,
	renderVideo,
	type VideoFile,
	type VideoTask,
} from './schema.ts';
import { findVideo, saveOutcome, saveScript } from './store.ts';
import { fileKey, tellEnd, toTask, type Addresses } from './videos.ts';

export interface VideoJobs extends Addresses {
	db: Database;
	storage: Storage;
	studio: Studio;
	/** Folder for what is under way, one below it for each video. */
	workFolder: string;
	cacheBytes: number;
}

export function videoJobs(parts: VideoJobs): JobHandler[] {
	return [
		handle(
			renderVideo,
			(context) => render(context, parts),
			async (tx, job) => {
				await rm(join(parts.workFolder, job.id), { recursive: true, force: true });
				await tellEnd(tx, job, parts);
			},
		),
		handle(removeVideoFiles, async ({ payload: { videoId } }) => {
			for (const file of fileNames) await parts.storage.delete(fileKey(videoId, file));
		}),
	];
}

/** One attempt. What an earlier one rendered is in the cache, what it fetched and wrote is in its folder and row. */
async function render(
	{ id, signal, progress, logger }: JobContext<unknown>,
	parts: VideoJobs,
): Promise<{ task_id: string; video: VideoTask['video'] }> {
	const { db, storage, studio } = parts;
	const row = await findVideo(db, id);
	if (row === undefined) throw new JobFailure('video_deleted', 'The video was deleted.');
	const folder = join(parts.workFolder, id);
	await mkdir(folder, { recursive: true });
	try {
		const made = await produce(orderSchema.parse(row.order), studio, {
			folder,
			signal,
			script: row.script ?? undefined,
			onScript: (script) => saveScript(db, id, script),
			onProgress: (step, percent) => progress(percent, step),
			onSegment: (segment) => logger.debug(segment, 'segment'),
		});
		progress(98, 'store');
		for (const name of fileNames) {
			await storage.put(fileKey(id, name), createReadStream(made[name]));
		}
		await saveOutcome(db, id, { file: factsOf(made), receipt: made.receipt });
		await studio.cache.prune(parts.cacheBytes);
	} catch (error) {
		if (signal.aborted) throw error;
		throw await failureOf(error, id, db);
	}
	const finished = await findVideo(db, id);
	if (finished === undefined) throw new JobFailure('video_deleted', 'The video was deleted.');
	return { task_id: id, video: toTask({ ...finished, state: 'succeeded' }, parts).video };
}

function factsOf({ receipt }: Production): VideoFile {
	const { pictureSeconds, width, height, sizeBytes } = receipt;
	return { durationSeconds: Number(pictureSeconds.toFixed(2)), width, height, sizeBytes };
}

/** What would go wrong again however often it ran ends the job; the rest is tried again. */
async function failureOf(error: unknown, id: string, db: Database): Promise<unknown> {
	if (error instanceof GateError) {
		await saveOutcome(db, id, { file: null, receipt: error.receipt });
		return new JobFailure('check_failed', error.message, { cause: error });
	}
	if (error instanceof PictureError)
		return new JobFailure('image_unusable', error.message, { cause: error });
	if (error instanceof ScriptError)
		return new JobFailure('script_unwritable', error.message, { cause: error });
	if (error instanceof VoiceError)
		return new JobFailure('voice_failed', error.message, { cause: error });
	return error;
}

const ABANDONED_MS = 7 * 86_400_000;

/** Removes folders of videos nobody works on any more: a worker that is not started again leaves them. */
export async function removeAbandoned(workFolder: string): Promise<void> {
	await mkdir(workFolder, { recursive: true });
	for (const name of await readdir(workFolder)) {
		const folder = join(workFolder, name);
		const { mtimeMs } = await stat(folder);
		if (Date.now() - mtimeMs > ABANDONED_MS) await rm(folder, { recursive: true, force: true });
	}
}
