import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Ffmpeg, FfmpegResult, FfmpegRun } from '../adapters/ffmpeg.ts';
import { drawMoving } from './backgrounds.ts';
import { blackOf, readBlack, type Stretch } from './black.ts';
import type { Cache } from './cache.ts';
import { FPS, type Frame } from './frame.ts';
import { inPool } from './pool.ts';
import { encoderArgs, type Segment } from './segments.ts';
import type { Size } from './resample.ts';

/** What is known of a segment's frames; kept beside it. */
const factsSchema = z.object({ black: z.array(z.object({ start: z.number(), end: z.number() })) });

export interface RenderedSegments {
	files: string[];
	rendered: string[];
	reused: string[];
	/** Noticeable stretches without a picture. */
	black: Stretch[];
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
	const costs: { cpuSeconds: number; peakRssBytes: number }[] = [];
	const pieces = new Map<string, Piece>();
	// The longest first: with short ones left, all workers end at about the same time.
	const order = segments.toSorted((a, b) => b.frames - a.frames);
	const pool = { limit: desk.concurrency, signal: desk.signal };
	await inPool(order, pool, async (segment, signal) => {
		let piece = await findPiece(segment, desk.cache);
		if (!piece) {
			piece = await makePiece(segment, desk.cache, async (part) => {
				const figures = await renderSegment(segment, part, { ...desk, signal }, report);
				costs.push(figures);
				return { black: readBlack(figures.log, segment.frames) };
			});
		}
		pieces.set(segment.name, piece);
		report(segment, 1);
		desk.onSegment?.({ name: segment.name, key: segment.key, reused: piece.reused });
	});
	const made = segments.flatMap((segment) => {
		const piece = pieces.get(segment.name);
		return piece ? [{ ...segment, ...piece }] : [];
	});
	return {
		files: made.map(({ file }) => file),
		rendered: made.filter(({ reused }) => !reused).map(({ name }) => name),
		reused: made.filter(({ reused }) => reused).map(({ name }) => name),
		black: blackOf(made),
		cpuSeconds: costs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
		peakRssBytes: Math.max(0, ...costs.map(({ peakRssBytes }) => peakRssBytes)),
	};
}

interface Piece {
	file: string;
	black: Stretch[];
	reused: boolean;
}

async function findPiece({ key }: Segment, cache: Cache): Promise<Piece | undefined> {
	const file = await cache.find(key, 'mp4');
	const facts = await cache.find(key, 'json');
	if (file === undefined || facts === undefined) return undefined;
	const { black } = factsSchema.parse(JSON.parse(await readFile(facts, 'utf8')));
	return { file, black, reused: true };
}

async function makePiece(
	{ key }: Segment,
	cache: Cache,
	render: (part: string) => Promise<z.infer<typeof factsSchema>>,
): Promise<Piece> {
	let black: Stretch[] = [];
	const file = await cache.store(key, 'mp4', async (part) => {
		const facts = await render(part);
		// Before the segment itself, which then never stands there without.
		await cache.store(key, 'json', (factsPart) => writeFile(factsPart, JSON.stringify(facts)));
		({ black } = facts);
	});
	return { file, black, reused: false };
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
): Promise<FfmpegResult> {
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
