import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ffmpeg } from '../adapters/ffmpeg.ts';
import type { Fonts } from '../adapters/fonts.ts';
import type { Brief, Script, ScriptWriter } from '../adapters/script-writer.ts';
import type { Voice } from '../adapters/voice.ts';
import { VoiceError } from '../adapters/voice.ts';
import type { Mood } from '../music/music.ts';
import type { Cache } from './cache.ts';
import type { captionPositions, CaptionStyle } from './captions.ts';
import { FPS, frameOf, type Aspect } from './frame.ts';
import { joinSegments, makePoster, sceneStarts, subtitles } from './join.ts';
import { leadOf, narrate, silentVoice } from './narration.ts';
import { paletteFor, paletteOf } from './palette.ts';
import { fetchPictureFile, PictureError, type FetchPicture } from './pictures.ts';
import { inspect, measureSound, type Receipt } from './receipt.ts';
import { bothOf } from './pool.ts';
import { drawableScript, scriptFor } from './script.ts';
import { renderSegments } from './rendering.ts';
import { resamplerFingerprint } from './resample.ts';
import { setScenes } from './scenes.ts';
import { planSegments } from './segments.ts';
import { makeSound } from './sound.ts';
import { cachedVoice } from './speech-cache.ts';
import { samplePixels, type Still } from './stills.ts';

/** What to film; the request after defaults. */
export interface Order {
	product?: Brief['product'];
	topic?: string | undefined;
	/** The caller's own words; no writer is asked then. */
	script?: string | undefined;
	images: string[];
	aspect: Aspect;
	voice: { id: string; rate: number; pitch: number } | null;
	music: { mood: Mood; volume: number } | null;
	captions: { style: CaptionStyle; position: (typeof captionPositions)[number] } | null;
	language: string;
	durationSeconds?: number | undefined;
}

export interface Studio {
	ffmpeg: Ffmpeg;
	fonts: Fonts;
	voice: Voice;
	writer: ScriptWriter;
	fetchPicture: FetchPicture;
	cache: Cache;
	/** Segments rendered at once; one thread each. */
	concurrency: number;
}

export const steps = [
	'script',
	'pictures',
	'voice',
	'scenes',
	'render',
	'join',
	'inspect',
] as const;
export type Step = (typeof steps)[number];

export interface Run {
	/** Folder of this job; kept between attempts. */
	folder: string;
	signal?: AbortSignal | undefined;
	/** A script written in an earlier attempt: a model would write another one. */
	script?: Script | undefined;
	onScript?: (script: Script) => Promise<void>;
	onProgress?: (step: Step, percent: number) => void;
	onSegment?: (segment: { name: string; key: string; reused: boolean }) => void;
}

export interface Production {
	video: string;
	poster: string;
	subtitles: string;
	script: Script;
	receipt: Receipt;
}

/** A finished video that is not what was promised. The receipt says which gate it failed. */
export class GateError extends Error {
	readonly receipt: Receipt;
	constructor(receipt: Receipt) {
		const failed = receipt.gates.filter((gate) => !gate.ok);
		super(
			`The video failed its check: ${failed.map(({ name, detail }) => `${name} (${detail})`).join(', ')}`,
		);
		this.name = 'GateError';
		this.receipt = receipt;
	}
}

/**
 * Makes one video from an order. Everything costly goes through the cache, so a second attempt
 * renders only what is missing.
 * @throws GateError, PictureError, ScriptError, VoiceError, FfmpegError
 */
export async function produce(order: Order, studio: Studio, run: Run): Promise<Production> {
	const { ffmpeg, fonts, cache } = studio;
	const { folder, signal } = run;
	const frame = frameOf(order.aspect);
	const wallSeconds: Record<string, number> = {};
	const timed = async <T>(step: Step, from: number, work: () => Promise<T>): Promise<T> => {
		signal?.throwIfAborted();
		run.onProgress?.(step, from);
		const started = performance.now();
		const result = await work();
		wallSeconds[step] = Number(((performance.now() - started) / 1000).toFixed(3));
		return result;
	};
	const engine = `${await ffmpeg.version()} fonts ${fonts.fingerprint}`;

	const written = await timed('script', 1, () => scriptFor(order, studio, run));
	const { script, dropped } = await drawableScript(written, fonts);
	const [pictures, narration] = await bothOf(
		signal,
		(stop) => timed('pictures', 4, () => fetchPictures(order, studio, { ...run, signal: stop })),
		(stop) =>
			timed('voice', 7, () =>
				narrate(script.beats, (rate) => speak(order, script, studio, rate, stop), {
					rate: order.voice?.rate ?? 150,
					targetSeconds: order.durationSeconds,
				}),
			),
	);

	const starts = sceneStarts(narration.frames);
	const totalFrames = (starts.at(-1) ?? 0) + (narration.frames.at(-1) ?? 0);
	const desk = { ffmpeg, cache, folder, frame, concurrency: studio.concurrency };
	const filmed = async (stop: AbortSignal) => {
		const stills = {
			ffmpeg,
			engine,
			cache,
			folder,
			making: new Map<string, Promise<Still>>(),
			signal: stop,
		};
		const scenes = await timed('scenes', 9, async () => {
			const [first] = pictures;
			const seed = order.product?.title ?? script.title;
			const palette = first ? paletteOf(await samplePixels(first, stills), seed) : paletteFor(seed);
			return setScenes(script.beats, narration, {
				...{ frame, fonts, palette, pictures, stills, concurrency: studio.concurrency },
				...{ product: order.product, language: order.language, captions: order.captions },
				onProgress: (fraction) => run.onProgress?.('scenes', 9 + fraction * 6),
			});
		});
		const resampler = await resamplerFingerprint();
		const segments = planSegments(scenes, { frame, fonts, engine, resampler });
		const rendered = await timed('render', 15, () =>
			renderSegments(segments, {
				...{ ...desk, signal: stop },
				onProgress: (fraction) => run.onProgress?.('render', 15 + fraction * 75),
				...(run.onSegment ? { onSegment: run.onSegment } : {}),
			}),
		);
		return { scenes, rendered };
	};
	const recorded = async (stop: AbortSignal) => {
		const speeches = narration.speeches.map((speech, index) => ({
			at: ((starts[index] ?? 0) + leadOf(index)) / FPS,
			speech,
		}));
		const music = order.music ? { ...order.music, seed: seedOf(script.title) } : undefined;
		const plan = { speeches, music, seconds: totalFrames / FPS };
		const made = await makeSound(plan, { ffmpeg, folder, signal: stop });
		const measured = await measureSound(made.file, { ffmpeg, folder, signal: stop });
		return { ...measured, file: made.file, cpuSeconds: made.cpuSeconds + measured.cpuSeconds };
	};
	const [{ scenes, rendered }, sound] = await bothOf(signal, filmed, recorded);

	const files = {
		video: join(folder, 'video.mp4'),
		poster: join(folder, 'poster.jpg'),
		subtitles: join(folder, 'subtitles.srt'),
	};
	const posterAt = Math.min(1.8, (scenes[0]?.frames ?? 0) / FPS / 2);
	await timed('join', 91, () =>
		bothOf(
			signal,
			async (stop) => {
				await joinSegments(rendered.files, sound.file, files.video, { ...desk, signal: stop });
				await writeFile(files.subtitles, subtitles(scenes, starts));
			},
			// Taken from the first segment, which needs no joining.
			(stop) =>
				makePoster(rendered.files[0] ?? '', files.poster, posterAt, { ...desk, signal: stop }),
		),
	);

	const inspected = await timed('inspect', 94, () =>
		inspect(
			files.video,
			{ ...sound, black: rendered.black },
			{
				...{ frame, frames: totalFrames, segments: rendered.files.length },
				audible: order.voice !== null || order.music !== null,
				longestSilence: order.music ? 1.5 : 3.5,
				captionsFit: scenes.every(({ fits }) => fits),
			},
			{ ffmpeg, folder, signal },
		),
	);
	const timing = new Set(narration.speeches.map((speech) => speech.timing));
	const receipt: Receipt = {
		...inspected,
		captionTiming: timing.has('estimated') ? 'estimated' : 'events',
		segments: { rendered: rendered.rendered, reused: rendered.reused },
		cpuSeconds: round(inspected.cpuSeconds + rendered.cpuSeconds + sound.cpuSeconds),
		peakRssBytes: rendered.peakRssBytes,
		wallSeconds,
		droppedCharacters: dropped,
	};
	if (receipt.gates.some((gate) => !gate.ok)) throw new GateError(receipt);
	return { ...files, script, receipt };
}

async function fetchPictures(order: Order, studio: Studio, run: Run) {
	const results = await Promise.allSettled(
		order.images.map((url) => fetchPictureFile(url, { ...studio, ...run })),
	);
	run.signal?.throwIfAborted();
	const pictures = results.flatMap((result) =>
		result.status === 'fulfilled' ? [result.value] : [],
	);
	const [failure] = results.flatMap((result): unknown[] =>
		result.status === 'rejected' ? [result.reason] : [],
	);
	// One broken link of several is no reason to give no video; none that works is.
	if (pictures.length === 0 && failure !== undefined) throw failure;
	if (failure !== undefined && !(failure instanceof PictureError)) throw failure;
	return pictures;
}

async function speak(
	order: Order,
	script: Script,
	studio: Studio,
	rate: number,
	signal: AbortSignal | undefined,
) {
	const { voice, language } = order;
	const speaker = voice ? cachedVoice(studio.voice, studio.cache) : silentVoice(language);
	const speeches = await speaker.speak({
		sentences: script.beats.map(({ say }) => say),
		voice: voice?.id ?? '',
		language,
		rate,
		pitch: voice?.pitch ?? 50,
		signal,
	});
	if (voice && speeches.some(({ samples }) => samples.length === 0)) {
		throw new VoiceError(`Voice ${voice.id} said nothing; choose another of /api/v1/video/voices`);
	}
	return speeches;
}

function seedOf(text: string): number {
	return [...text].reduce(
		(sum, character) => (sum * 33 + (character.codePointAt(0) ?? 0)) >>> 0,
		5381,
	);
}

function round(value: number): number {
	return Number(value.toFixed(2));
}
