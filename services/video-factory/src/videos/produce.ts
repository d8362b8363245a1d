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
import { givenScript, leadOf, narrate, silentVoice } from './narration.ts';
import { paletteFor, paletteOf } from './palette.ts';
import { fetchPictureFile, PictureError, type FetchPicture } from './pictures.ts';
import { inspect, type Receipt } from './receipt.ts';
import { renderSegments } from './rendering.ts';
import { resamplerFingerprint } from './resample.ts';
import { setScenes } from './scenes.ts';
import { planSegments } from './segments.ts';
import { makeSound } from './sound.ts';
import { cachedVoice } from './speech-cache.ts';
import { samplePixels } from './stills.ts';

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
	const pictures = await timed('pictures', 4, () => fetchPictures(order, studio, run));
	const narration = await timed('voice', 7, () =>
		narrate(script.beats, (rate) => speak(order, script, studio, rate, signal), {
			rate: order.voice?.rate ?? 150,
			targetSeconds: order.durationSeconds,
		}),
	);

	const stills = { ffmpeg, engine, cache, folder, signal };
	const scenes = await timed('scenes', 9, async () => {
		const [first] = pictures;
		const seed = order.product?.title ?? script.title;
		const palette = first ? paletteOf(await samplePixels(first, stills), seed) : paletteFor(seed);
		return setScenes(script.beats, narration, {
			...{ frame, fonts, palette, pictures, stills },
			...{ product: order.product, language: order.language, captions: order.captions },
			onProgress: (fraction) => run.onProgress?.('scenes', 9 + fraction * 6),
		});
	});

	const starts = sceneStarts(scenes);
	const totalFrames = (starts.at(-1) ?? 0) + (scenes.at(-1)?.frames ?? 0);
	const seconds = totalFrames / FPS;
	const resampler = await resamplerFingerprint();
	const segments = planSegments(scenes, { frame, fonts, engine, resampler });
	const [rendered, sound] = await timed('render', 15, () =>
		Promise.all([
			renderSegments(segments, {
				...{ ffmpeg, cache, folder, frame, signal, concurrency: studio.concurrency },
				onProgress: (fraction) => run.onProgress?.('render', 15 + fraction * 75),
				...(run.onSegment ? { onSegment: run.onSegment } : {}),
			}),
			makeSound(
				{
					speeches: narration.speeches.map((speech, index) => ({
						at: ((starts[index] ?? 0) + leadOf(index)) / FPS,
						speech,
					})),
					music: order.music ? { ...order.music, seed: seedOf(script.title) } : undefined,
					seconds,
				},
				{ ffmpeg, folder, signal },
			),
		]),
	);

	const files = {
		video: join(folder, 'video.mp4'),
		poster: join(folder, 'poster.jpg'),
		subtitles: join(folder, 'subtitles.srt'),
	};
	await timed('join', 91, async () => {
		await joinSegments(rendered.files, sound.file, files.video, stills);
		await makePoster(files, Math.min(1.8, (scenes[0]?.frames ?? 0) / FPS / 2), stills);
		await writeFile(files.subtitles, subtitles(scenes, starts));
	});

	const inspected = await timed('inspect', 94, () =>
		inspect(
			files.video,
			{
				...{ frame, frames: totalFrames },
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

async function scriptFor(order: Order, studio: Studio, run: Run): Promise<Script> {
	if (run.script) return run.script;
	const title = order.product?.title ?? order.topic ?? '';
	const script =
		order.script === undefined
			? await studio.writer.write({
					product: order.product,
					topic: order.topic,
					language: order.language,
					seconds: order.durationSeconds ?? 28,
					signal: run.signal,
				})
			: givenScript(order.script, title);
	await run.onScript?.(script);
	return script;
}

/** Text reduced to what can be drawn; a beat of nothing but such characters is left out. */
async function drawableScript(
	script: Script,
	fonts: Fonts,
): Promise<{ script: Script; dropped: string[] }> {
	const dropped = new Set<string>();
	const clean = async (text: string) => {
		const result = await fonts.drawable(text);
		for (const character of result.dropped) if (character.trim() !== '') dropped.add(character);
		return result.text;
	};
	const beats = [];
	for (const beat of script.beats) {
		const say = await clean(beat.say);
		const headline = beat.headline === undefined ? undefined : await clean(beat.headline);
		if (say !== '') beats.push({ ...beat, say, headline });
	}
	return { script: { ...script, beats }, dropped: [...dropped] };
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
