import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ffmpeg, FfmpegRun } from '../adapters/ffmpeg.ts';
import { drawMoving } from './backgrounds.ts';
import type { Cache } from './cache.ts';
import { FPS, type Frame } from './frame.ts';
import { encoderArgs, type Segment } from './segments.ts';
import type { Size } from './resample.ts';

export interface RenderedSegments {
	files: string[];
	rendered: string[];
	reused: string[];
	cpuSeconds: number;
	peakRssBytes: number;
}

export interface RenderDesk {
	ffmpeg: Ffmpeg;
	cache: Cache;
	folder: string;
	frame: Frame;
	concurrency: number;
	signal?: AbortSignal | undefined;
	/** Share of all frames that exist, 0..1. */
	onProgress?: (fraction: number) => void;
	/** Called when a segment is complete in the cache. */
	onSegment?: (segment: { name: string; key: string; reused: boolean }) => void;
}

/**
 * Renders the segments that the cache lacks, `concurrency` at a time. Safe to repeat: what a
 * killed worker finished is found again.
 * @throws FfmpegError, or SegmentError when a segment has not the frames it was planned with.
 */
export async function renderSegments(
	segments: readonly Segment[],
	desk: RenderDesk,
): Promise<RenderedSegments> {
	const done = new Map<string, number>();
	const total = segments.reduce((sum, { frames }) => sum + frames, 0);
	const report = (segment: Segment, fraction: number) => {
		done.set(segment.key, fraction * segment.frames);
		desk.onProgress?.([...done.values()].reduce((sum, frames) => sum + frames, 0) / total);
	};
	const result: RenderedSegments = {
		files: [],
		rendered: [],
		reused: [],
		cpuSeconds: 0,
		peakRssBytes: 0,
	};
	const failed = new AbortController();
	const signal = desk.signal ? AbortSignal.any([desk.signal, failed.signal]) : failed.signal;
	// The longest first: with short ones left, all workers end at about the same time.
	const queue = [...segments.entries()].sort(([, a], [, b]) => b.frames - a.frames);
	const work = async () => {
		for (let next = queue.shift(); next; next = queue.shift()) {
			const [index, segment] = next;
			const known = await desk.cache.find(segment.key, 'mp4');
			if (known) result.reused.push(segment.name);
			const file =
				known ??
				(await desk.cache.store(segment.key, 'mp4', async (part) => {
					const figures = await renderSegment(segment, part, { ...desk, signal }, report);
					result.cpuSeconds += figures.cpuSeconds;
					result.peakRssBytes = Math.max(result.peakRssBytes, figures.peakRssBytes);
				}));
			if (!known) result.rendered.push(segment.name);
			result.files[index] = file;
			report(segment, 1);
			desk.onSegment?.({ name: segment.name, key: segment.key, reused: known !== undefined });
		}
	};
	const workers = Array.from({ length: Math.max(1, desk.concurrency) }, async () => {
		try {
			await work();
		} catch (error) {
			failed.abort(); // the others stop their ffmpeg, nobody starts another
			queue.length = 0;
			throw error;
		}
	});
	const outcomes = await Promise.allSettled(workers);
	// The first to fail aborted the rest; their "aborted" would hide the reason.
	const reasons = outcomes.flatMap((outcome): unknown[] =>
		outcome.status === 'rejected' ? [outcome.reason] : [],
	);
	if (reasons.length > 0) throw reasons.find((reason) => !isAbort(reason)) ?? reasons[0];
	return result;
}

function isAbort(reason: unknown): boolean {
	return reason instanceof Error && 'reason' in reason && reason.reason === 'aborted';
}

export class SegmentError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'SegmentError';
	}
}

async function renderSegment(
	segment: Segment,
	part: string,
	desk: RenderDesk,
	report: (segment: Segment, fraction: number) => void,
): Promise<{ cpuSeconds: number; peakRssBytes: number }> {
	const folder = join(desk.folder, `segment-${segment.key.slice(0, 16)}`);
	await mkdir(folder, { recursive: true });
	try {
		for (const { name, text } of segment.documents) await writeFile(join(folder, name), text);
		const figures = await desk.ffmpeg.run({
			inputs: inputsOf(segment, desk.frame),
			graph: segment.graph,
			outputOptions: [
				...['-map', '[o]', '-frames:v', String(segment.frames), '-r', String(FPS)],
				...['-filter_complex_threads', '1', ...encoderArgs],
			],
			output: part,
			cwd: folder,
			totalFrames: segment.frames,
			timeLimitMs: 60_000 + segment.frames * 2_000,
			signal: desk.signal,
			onProgress: (fraction) => report(segment, fraction),
		});
		// A source that ends early is no error to ffmpeg.
		if (figures.frames !== segment.frames) {
			throw new SegmentError(
				`${segment.name} has ${figures.frames} frames, planned were ${segment.frames}`,
			);
		}
		return figures;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function inputsOf({ moving, stills }: Segment, frame: Frame): FfmpegRun['inputs'] {
	const raw = ({ width, height }: Size) => [
		...['-f', 'rawvideo', '-pixel_format', 'yuv420p', '-framerate', String(FPS)],
		...['-video_size', `${width}x${height}`],
	];
	const tall = { width: frame.width, height: frame.height * moving.length };
	return [
		...(moving.length > 0 ? [{ source: drawMoving(moving, frame), options: raw(tall) }] : []),
		...stills.map((still) => ({ source: still.file, options: raw(still) })),
	];
}
