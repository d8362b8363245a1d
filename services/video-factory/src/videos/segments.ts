import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fonts } from '../adapters/fonts.ts';
import type { Ffmpeg } from '../adapters/ffmpeg.ts';
import { assDocument, type AssEvent } from './ass.ts';
import { backgroundChain, backgroundInputs, type Background } from './backgrounds.ts';
import { keyOf, type Cache } from './cache.ts';
import { CROSSFADE, FPS, type Frame } from './frame.ts';
import type { Still } from './stills.ts';

/** A scene as it is drawn: `frames` counts the crossfades at both ends. */
export interface DrawnScene {
	frames: number;
	background: Background;
	events: AssEvent[];
}

/** A piece of the picture that is rendered on its own and joined without encoding again. */
export interface Segment {
	name: string;
	/** sha256 of all that decides its frames. */
	key: string;
	frames: number;
	inputs: string[];
	graph: string;
	/** ASS files the graph names. */
	documents: { name: string; text: string }[];
}

/** x264 veryfast gives the smallest file at equal quality for the time; one thread, many segments. */
export const encoderArgs = [
	...['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-profile:v', 'high'],
	...['-pix_fmt', 'yuv420p', '-threads', '1', '-g', '250', '-x264-params', 'open-gop=0'],
	...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
	...['-color_range', 'tv', '-video_track_timescale', '15360', '-map_metadata', '-1'],
	...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-f', 'mp4'],
];

const transitions = ['fade', 'smoothleft', 'fade', 'smoothup'] as const;

/**
 * Cuts scenes into bodies and crossfades, in order. A caption belongs to the segments it is seen
 * in, so that a changed one leaves the keys of all others as they were.
 */
export function planSegments(
	scenes: readonly DrawnScene[],
	frame: Frame,
	fonts: Fonts,
	engine: string,
): Segment[] {
	const segments: Segment[] = [];
	for (const [index, scene] of scenes.entries()) {
		const previous = scenes[index - 1];
		if (previous) segments.push(crossfade(index - 1, previous, scene, frame, fonts, engine));
		const from = previous ? CROSSFADE : 0;
		const to = scenes[index + 1] ? scene.frames - CROSSFADE : scene.frames;
		const layer = drawLayer(
			scene,
			{ from, frames: to - from, firstInput: 0, name: 'a' },
			frame,
			fonts,
		);
		segments.push(
			finish(
				`scene-${index + 1}`,
				to - from,
				engine,
				[layer],
				`${layer.chain};[a]format=yuv420p[o]`,
			),
		);
	}
	return segments;
}

function crossfade(
	index: number,
	before: DrawnScene,
	after: DrawnScene,
	frame: Frame,
	fonts: Fonts,
	engine: string,
): Segment {
	const cut = { frames: CROSSFADE };
	const from = before.frames - CROSSFADE;
	const a = drawLayer(before, { ...cut, from, firstInput: 0, name: 'a' }, frame, fonts);
	const b = drawLayer(
		after,
		{ ...cut, from: 0, firstInput: a.inputs.length, name: 'b' },
		frame,
		fonts,
	);
	const kind = transitions[index % transitions.length] ?? 'fade';
	const graph = [
		a.chain,
		b.chain,
		// xfade works in 4:4:4 when it may; phones play only 4:2:0.
		`[a][b]xfade=transition=${kind}:duration=${CROSSFADE / FPS}:offset=0,format=yuv420p[o]`,
	].join(';');
	return finish(`crossfade-${index + 1}`, CROSSFADE, engine, [a, b], graph);
}

interface Layer {
	chain: string;
	inputs: readonly Still[];
	document: { name: string; text: string } | undefined;
}

function drawLayer(
	scene: DrawnScene,
	cut: { from: number; frames: number; firstInput: number; name: string },
	frame: Frame,
	fonts: Fonts,
): Layer {
	const start = cut.from / FPS;
	const end = (cut.from + cut.frames) / FPS;
	const events = scene.events.filter((event) => event.end > start && event.start < end);
	const background = backgroundChain(scene.background, frame, { ...cut, output: `${cut.name}bg` });
	const document =
		events.length === 0
			? undefined
			: { name: `type-${cut.name}.ass`, text: assDocument(frame, fonts, events) };
	// The clock is moved to the scene's own time for libass and back again.
	const type = document ? `setpts=N+${cut.from},ass=${document.name},setpts=N` : 'setpts=N';
	return {
		chain: `${background};[${cut.name}bg]${type}[${cut.name}]`,
		inputs: backgroundInputs(scene.background),
		document,
	};
}

function finish(
	name: string,
	frames: number,
	engine: string,
	layers: Layer[],
	graph: string,
): Segment {
	const inputs = layers.flatMap((layer) => layer.inputs);
	const documents = layers.flatMap((layer) => layer.document ?? []);
	const key = keyOf({
		engine,
		graph,
		inputs: inputs.map(({ hash }) => hash),
		documents: documents.map(({ text }) => text),
		encoderArgs,
		frames,
	});
	return { name, key, frames, graph, documents, inputs: inputs.map(({ file }) => file) };
}

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
	const queue = [...segments.entries()];
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
			inputs: segment.inputs.map((source) => ({
				source,
				options: ['-framerate', String(FPS), '-f', 'png_pipe'],
			})),
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
		const probe = await desk.ffmpeg.probe(part, ['-count_packets', '-select_streams', 'v:0']);
		const frames = Number(probe.streams[0]?.nb_read_packets);
		if (frames !== segment.frames) {
			throw new SegmentError(
				`${segment.name} has ${frames} frames, planned were ${segment.frames}`,
			);
		}
		return figures;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
