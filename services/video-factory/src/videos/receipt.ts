import { z } from 'zod';
import type { Ffmpeg } from '../adapters/ffmpeg.ts';
import type { Stretch } from './black.ts';
import { FPS, type Frame } from './frame.ts';
import { readLoudness, TARGET_LUFS } from './sound.ts';

const stretchSchema = z.object({ start: z.number(), end: z.number() });

/** What was delivered, measured on the finished file. Lengths in seconds. */
export const receiptSchema = z.object({
	width: z.number(),
	height: z.number(),
	fps: z.string(),
	videoCodec: z.string(),
	profile: z.string(),
	pixelFormat: z.string(),
	colorSpace: z.string(),
	audioCodec: z.string(),
	sampleRate: z.number(),
	channels: z.number(),
	pictureSeconds: z.number(),
	soundSeconds: z.number(),
	frames: z.number(),
	sizeBytes: z.number(),
	integratedLufs: z.number(),
	truePeakDb: z.number(),
	black: z.array(stretchSchema),
	silent: z.array(stretchSchema),
	captionTiming: z.enum(['events', 'estimated', 'none']),
	segments: z.object({ rendered: z.array(z.string()), reused: z.array(z.string()) }),
	cpuSeconds: z.number(),
	peakRssBytes: z.number(),
	wallSeconds: z.record(z.string(), z.number()),
	/** Characters no installed font can draw; left out of the picture. */
	droppedCharacters: z.array(z.string()),
	gates: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
export type Receipt = z.infer<typeof receiptSchema>;

export interface Expectation {
	frame: Frame;
	frames: number;
	/** Pieces the picture was joined of. */
	segments: number;
	/** Silence by request has no loudness to meet. */
	audible: boolean;
	/** A rest in the voice is filled by music, if there is any. */
	longestSilence: number;
	captionsFit: boolean;
}

/** What was measured on the parts while the rest was rendered: joining copies them as they are. */
export interface MeasuredParts extends SoundFacts {
	black: Stretch[];
}

export interface SoundFacts {
	integratedLufs: number;
	truePeakDb: number;
	silent: Stretch[];
}

interface InspectDesk {
	ffmpeg: Ffmpeg;
	folder: string;
	signal?: AbortSignal | undefined;
}

/** Loudness, peak and silence of the encoded sound. */
export async function measureSound(
	file: string,
	desk: InspectDesk,
): Promise<SoundFacts & { cpuSeconds: number }> {
	const decoded = await desk.ffmpeg.run({
		inputs: [{ source: file }],
		graph: '[0:a]silencedetect=n=-50dB:d=1,ebur128=peak=true:framelog=verbose[a]',
		outputOptions: ['-map', '[a]', '-f', 'null'],
		output: '-',
		cwd: desk.folder,
		timeLimitMs: 60_000,
		signal: desk.signal,
	});
	const silences = /silence_end: ([\d.]+) \| silence_duration: ([\d.]+)/g;
	const silent = [...decoded.log.matchAll(silences)].map((match) => {
		const end = Number(match[1]);
		return { start: Math.max(0, end - Number(match[2])), end };
	});
	return { ...readLoudness(decoded), silent, cpuSeconds: decoded.cpuSeconds };
}

/** Measures a finished video and holds it, with what is known of its parts, against the plan. */
export async function inspect(
	file: string,
	parts: MeasuredParts,
	expected: Expectation,
	desk: InspectDesk,
): Promise<
	Omit<Receipt, 'captionTiming' | 'segments' | 'wallSeconds' | 'droppedCharacters' | 'peakRssBytes'>
> {
	const [probe, decoded] = await Promise.all([
		desk.ffmpeg.probe(file, ['-count_packets']),
		// One picture of each segment: all are of one encoder, or the file could not be decoded.
		desk.ffmpeg.run({
			inputs: [{ source: file, options: ['-skip_frame', 'nokey', '-err_detect', 'explode'] }],
			outputOptions: ['-map', '0:v', '-fps_mode', 'passthrough', '-f', 'null'],
			output: '-',
			cwd: desk.folder,
			timeLimitMs: 60_000,
			signal: desk.signal,
		}),
	]);
	const picture = probe.streams.find((stream) => stream.codec_type === 'video');
	const sound = probe.streams.find((stream) => stream.codec_type === 'audio');
	const facts = {
		width: picture?.width ?? 0,
		height: picture?.height ?? 0,
		fps: picture?.r_frame_rate ?? '',
		videoCodec: picture?.codec_name ?? '',
		profile: picture?.profile ?? '',
		pixelFormat: picture?.pix_fmt ?? '',
		colorSpace: picture?.color_space ?? '',
		audioCodec: sound?.codec_name ?? '',
		sampleRate: Number(sound?.sample_rate ?? 0),
		channels: sound?.channels ?? 0,
		pictureSeconds: Number(picture?.duration ?? 0),
		soundSeconds: Number(sound?.duration ?? 0),
		frames: Number(picture?.nb_read_packets ?? 0),
		sizeBytes: Number(probe.format.size ?? 0),
		integratedLufs: parts.integratedLufs,
		truePeakDb: parts.truePeakDb,
		black: parts.black,
		silent: parts.silent,
		cpuSeconds: decoded.cpuSeconds,
	};
	return { ...facts, gates: checkGates({ ...facts, keyFrames: decoded.frames }, expected) };
}

function checkGates(
	facts: Omit<Awaited<ReturnType<typeof inspect>>, 'gates'> & { keyFrames: number },
	expected: Expectation,
): Receipt['gates'] {
	const gate = (name: string, ok: boolean, detail: string) => ({ name, ok, detail });
	const seconds = expected.frames / FPS;
	const apart = Math.abs(facts.pictureSeconds - facts.soundSeconds);
	const silence = Math.max(0, ...facts.silent.map(({ start, end }) => end - start));
	const gates = [
		gate(
			'size',
			facts.width === expected.frame.width && facts.height === expected.frame.height,
			`${facts.width}x${facts.height}`,
		),
		gate(
			'format',
			facts.videoCodec === 'h264' &&
				facts.profile === 'High' &&
				facts.pixelFormat === 'yuv420p' &&
				facts.colorSpace === 'bt709' &&
				facts.audioCodec === 'aac' &&
				facts.sampleRate === 48_000 &&
				facts.channels === 2,
			`${facts.videoCodec} ${facts.profile} ${facts.pixelFormat} ${facts.colorSpace}, ${facts.audioCodec} ${facts.sampleRate} Hz`,
		),
		gate(
			'decoding',
			facts.keyFrames >= expected.segments,
			`${facts.keyFrames} key frames of ${expected.segments} segments`,
		),
		gate('frames', facts.frames === expected.frames, `${facts.frames} of ${expected.frames}`),
		gate(
			'length',
			apart <= 0.06 && Math.abs(facts.pictureSeconds - seconds) <= 0.05,
			`picture ${facts.pictureSeconds} s, sound ${facts.soundSeconds} s`,
		),
		gate('black', facts.black.length === 0, `${facts.black.length} black stretches`),
		gate('captions', expected.captionsFit, 'all type inside the safe area'),
	];
	if (!expected.audible) return gates;
	return [
		...gates,
		gate(
			'loudness',
			Math.abs(facts.integratedLufs - TARGET_LUFS) <= 0.5,
			`${facts.integratedLufs} LUFS, ${facts.truePeakDb} dBTP`,
		),
		gate('peak', facts.truePeakDb <= -0.5, `${facts.truePeakDb} dBTP`),
		gate('silence', silence <= expected.longestSilence, `longest silence ${silence.toFixed(2)} s`),
	];
}
