import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ffmpeg } from '../adapters/ffmpeg.ts';
import { toSrt } from './captions.ts';
import { CROSSFADE, FPS } from './frame.ts';
import type { Scene } from './scenes.ts';

export interface JoinDesk {
	ffmpeg: Ffmpeg;
	folder: string;
	signal?: AbortSignal | undefined;
}

/** First frame of each scene in the video: scenes overlap by a crossfade. */
export function sceneStarts(lengths: readonly number[]): number[] {
	let at = 0;
	return lengths.map((frames) => {
		const start = at;
		at += frames - CROSSFADE;
		return start;
	});
}

/** Picture and sound into one file; nothing is encoded again. */
export async function joinSegments(
	segments: readonly string[],
	sound: string,
	output: string,
	desk: JoinDesk,
): Promise<void> {
	const list = segments.map((file) => `file '${file.replaceAll("'", "'\\''")}'`).join('\n');
	await writeFile(join(desk.folder, 'segments.txt'), `${list}\n`);
	await desk.ffmpeg.run({
		inputs: [
			{ source: 'segments.txt', options: ['-f', 'concat', '-safe', '0'] },
			{ source: sound },
		],
		outputOptions: [
			...['-map', '0:v', '-map', '1:a', '-c', 'copy', '-map_metadata', '-1'],
			...['-fflags', '+bitexact', '-movflags', '+faststart', '-f', 'mp4'],
		],
		output,
		cwd: desk.folder,
		timeLimitMs: 60_000,
		signal: desk.signal,
	});
}

/** A picture of `video` at second `at`; the title stands by then. */
export async function makePoster(
	video: string,
	poster: string,
	at: number,
	desk: JoinDesk,
): Promise<void> {
	await desk.ffmpeg.run({
		inputs: [{ source: video, options: ['-ss', at.toFixed(3)] }],
		graph: '[0:v]scale=in_color_matrix=bt709:out_range=pc,format=yuvj420p[o]',
		outputOptions: [
			'-map',
			'[o]',
			'-frames:v',
			'1',
			'-c:v',
			'mjpeg',
			'-q:v',
			'3',
			'-f',
			'image2pipe',
		],
		output: poster,
		cwd: desk.folder,
		timeLimitMs: 30_000,
		signal: desk.signal,
	});
}

/** SubRip of the whole video. */
export function subtitles(scenes: readonly Scene[], starts: readonly number[]): string {
	const groups = scenes.flatMap((scene, index) => {
		const offset = (starts[index] ?? 0) / FPS;
		return scene.captions.map((group) => ({
			...group,
			start: group.start + offset,
			end: group.end + offset,
		}));
	});
	return toSrt(groups);
}
