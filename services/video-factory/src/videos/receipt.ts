import { z } from 'zod';
import type { Ffmpeg } from '../adapters/ffmpeg.ts';
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
	/** Silence by request has no loudness to meet. */
	audible: boolean;
	/** A rest in the voice is filled by music, if there is any. */
	longestSilence: number;
	captionsFit: boolean;
}

/** Measures a finished video and holds it against what was planned. */
export async function inspect(
	file: string,
	expected: Expectation,
	desk: { ffmpeg: Ffmpeg; folder: string; signal?: AbortSignal | undefined },
): Promise<
	Omit<Receipt, 'captionTiming' | 'segments' | 'wallSeconds' | 'droppedCharacters' | 'peakRssBytes'>
> {
	const probe = await desk.ffmpeg.probe(file, ['-count_packets']);
	const picture = probe.streams.find((stream) => stream.codec_type === 'video');
	const sound = probe.streams.find((stream) => stream.codec_type === 'audio');
	const decoded = await desk.ffmpeg.run({
		// Every other frame is enough to see black and halves the time of decoding.
		inputs: [{ source: file, options: ['-skip_frame', 'noref'] }],
		graph:
			'[0:v]blackdetect=d=0.2:pix_th=0.06[v];[0:a]silencedetect=n=-50dB:d=1,ebur128=peak=true:framelog=verbose[a]',
		outputOptions: ['-map', '[v]', '-map', '[a]', '-fps_mode', 'passthrough', '-f', 'null'],
		output: '-',
		cwd: desk.folder,
		timeLimitMs: 180_000,
		signal: desk.signal,
	});
	const { integratedLufs, truePeakDb } = readLoudness(decoded);
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
		integratedLufs,
		truePeakDb,
		black: stretches(decoded.log, /black_start:([\d.]+) black_end:([\d.]+)/g),
		silent: stretches(decoded.log, /silence_end: ([\d.]+) \| silence_duration: ([\d.]+)/g).map(
			({ start: end, end: length }) => ({ start: Math.max(0, end - length), end }),
		),
		cpuSeconds: decoded.cpuSeconds,
	};
	return { ...facts, gates: checkGates(facts, expected) };
}

function checkGates(
	facts: Omit<Awaited<ReturnType<typeof inspect>>, 'gates' | 'cpuSeconds'>,
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

function stretches(log: string, pattern: RegExp): { start: number; end: number }[] {
	return [...log.matchAll(pattern)].map((match) => ({
		start: Number(match[1]),
		end: Number(match[2]),
	}));
}
