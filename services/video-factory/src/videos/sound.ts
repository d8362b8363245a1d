import { join } from 'node:path';
import { composeMusic, MUSIC_RATE, type Mood } from '../music/music.ts';
import type { Ffmpeg, FfmpegResult } from '../adapters/ffmpeg.ts';
import type { Speech } from '../adapters/voice.ts';
import { writeWav } from './wav.ts';

export const TARGET_LUFS = -14;
/** True peak is kept under -1 dBTP; AAC adds up to half a decibel, hence the margin. */
const LIMIT = 0.82;

export interface Loudness {
	integratedLufs: number;
	truePeakDb: number;
}

export interface SoundPlan {
	/** Speech with its start in seconds from the beginning of the video. */
	speeches: { at: number; speech: Speech }[];
	music: { mood: Mood; volume: number; seed: number } | undefined;
	/** Exact length of the picture. */
	seconds: number;
}

export interface Sound {
	/** AAC in MP4, 48 kHz stereo. */
	file: string;
	gainDb: number;
	passes: number;
	cpuSeconds: number;
}

export interface SoundDesk {
	ffmpeg: Ffmpeg;
	folder: string;
	signal?: AbortSignal | undefined;
}

/**
 * Voice polished, music ducked under it, measured, brought to -14 LUFS by gain and limiter and
 * measured again; a second round only when the limiter took too much.
 */
export async function makeSound(plan: SoundPlan, desk: SoundDesk): Promise<Sound> {
	const { folder } = desk;
	const length = plan.seconds.toFixed(6);
	const inputs: { source: string; options?: string[] }[] = [];
	const chains: string[] = [];
	const hasVoice = plan.speeches.some(({ speech }) => speech.samples.length > 0);
	if (hasVoice) {
		const voice = voiceTrack(plan);
		await writeWav(join(folder, 'voice.wav'), voice.samples, { ...voice, channels: 1 });
		chains.push(
			`[${inputs.length}:a]highpass=f=80,equalizer=f=3000:t=q:w=1:g=2,acompressor=threshold=0.1:ratio=3:attack=5:release=80,aresample=48000,pan=stereo|c0=c0|c1=c0,apad,atrim=duration=${length}[voice]`,
		);
		inputs.push({ source: 'voice.wav' });
	}
	if (plan.music) {
		const { mood, seed, volume } = plan.music;
		const samples = await composeMusic(mood, seed, plan.seconds);
		await writeWav(join(folder, 'music.wav'), samples, { sampleRate: MUSIC_RATE, channels: 2 });
		chains.push(
			`[${inputs.length}:a]aecho=0.8:0.6:70|130:0.22|0.14,lowpass=f=9000,aresample=48000,volume=${volume.toFixed(3)},apad,atrim=duration=${length}[music]`,
		);
		inputs.push({ source: 'music.wav' });
	}
	if (inputs.length === 0) return makeSilence(length, desk);

	const join2 =
		hasVoice && plan.music
			? '[voice]asplit[v1][v2];[music][v2]sidechaincompress=threshold=0.03:ratio=8:attack=20:release=300[ducked];[v1][ducked]amix=inputs=2:normalize=0:duration=first'
			: hasVoice
				? '[voice]anull'
				: '[music]anull';
	const mix = await desk.ffmpeg.run({
		inputs,
		graph: `${chains.join(';')};${join2},${meter}[o]`,
		outputOptions: ['-map', '[o]', '-c:a', 'pcm_f32le', '-f', 'wav'],
		output: 'mix.wav',
		...limits(plan, desk),
	});

	let gainDb = TARGET_LUFS - readLoudness(mix).integratedLufs;
	let cpuSeconds = mix.cpuSeconds;
	for (let passes = 1; ; passes++) {
		const mastered = await desk.ffmpeg.run({
			inputs: [{ source: 'mix.wav' }],
			graph: `[0:a]volume=${gainDb.toFixed(2)}dB,alimiter=limit=${LIMIT}:attack=5:release=60:level=false:latency=true,apad,atrim=duration=${length},${meter}[o]`,
			outputOptions: ['-map', '[o]', ...aacArgs],
			output: 'sound.m4a',
			...limits(plan, desk),
		});
		cpuSeconds += mastered.cpuSeconds;
		const off = TARGET_LUFS - readLoudness(mastered).integratedLufs;
		if (Math.abs(off) <= 0.3 || passes === 3) {
			return { file: join(folder, 'sound.m4a'), gainDb, passes, cpuSeconds };
		}
		gainDb += off;
	}
}

/** Without the peak, which takes four times the samples: the limiter keeps it. */
const meter = 'ebur128=framelog=verbose';
const aacArgs = [
	...['-c:a', 'aac', '-b:a', '160k', '-ar', '48000', '-ac', '2'],
	...['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-f', 'mp4'],
];

function limits(plan: SoundPlan, desk: SoundDesk) {
	return {
		cwd: desk.folder,
		totalSeconds: plan.seconds,
		timeLimitMs: 120_000,
		signal: desk.signal,
	};
}

/** A video without voice and music still gets a sound track: players expect one. */
async function makeSilence(length: string, desk: SoundDesk): Promise<Sound> {
	const { cpuSeconds } = await desk.ffmpeg.run({
		inputs: [{ source: 'anullsrc=r=48000:cl=stereo', options: ['-f', 'lavfi', '-t', length] }],
		outputOptions: aacArgs,
		output: 'sound.m4a',
		cwd: desk.folder,
		timeLimitMs: 60_000,
		signal: desk.signal,
	});
	return { file: join(desk.folder, 'sound.m4a'), gainDb: 0, passes: 0, cpuSeconds };
}

function voiceTrack(plan: SoundPlan): { samples: Int16Array; sampleRate: number } {
	const sampleRate = plan.speeches[0]?.speech.sampleRate ?? 22_050;
	const samples = new Int16Array(Math.ceil(plan.seconds * sampleRate));
	for (const { at, speech } of plan.speeches) {
		const start = Math.round(at * sampleRate);
		samples.set(speech.samples.subarray(0, Math.max(0, samples.length - start)), start);
	}
	return { samples, sampleRate };
}

/** Reads the summary that ebur128 leaves at the end of a run. */
export function readLoudness({ log }: Pick<FfmpegResult, 'log'>): Loudness {
	const summary = log.slice(log.lastIndexOf('Summary:'));
	const integrated = /I:\s+(-?[\d.]+|-inf) LUFS/.exec(summary)?.[1];
	const peak = /Peak:\s+(-?[\d.]+|-inf) dBFS/.exec(summary)?.[1];
	const value = (text: string | undefined) =>
		text === undefined || text === '-inf' ? -70 : Number(text);
	return { integratedLufs: value(integrated), truePeakDb: value(peak) };
}
