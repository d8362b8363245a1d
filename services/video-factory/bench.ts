import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEspeak } from './src/adapters/espeak.ts';
import { createFfmpeg, type FfmpegResult } from './src/adapters/ffmpeg.ts';
import { loadFonts } from './src/adapters/fonts.ts';
import { createOfflineWriter } from './src/adapters/script-offline.ts';
import { createCache } from './src/videos/cache.ts';
import { produce, type Order, type Studio } from './src/videos/produce.ts';
import { encoderArgs } from './src/videos/segments.ts';

interface Figure {
	name: string;
	value: number;
	unit: string;
	/** Measured in the same run: what the machine allows, or what the common practice takes. */
	limit: string | null;
	goal: string | null;
	ok: boolean | null;
}

const SECONDS = 28;

/**
 * A 28 s product video of 1080x1920@30 with three pictures, crossfades, captions, voice and music:
 * from nothing, with one changed caption, and beside two bare ffmpeg runs over the same frames.
 */
export async function bench(): Promise<{ name: string; figures: Figure[] }> {
	const folder = await mkdtemp(join(tmpdir(), 'video-bench-'));
	try {
		const ffmpeg = createFfmpeg({ ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe' });
		const concurrency = availableParallelism();
		const pictures = await makePictures(ffmpeg, folder);
		const studio: Studio = {
			...{ ffmpeg, concurrency, fonts: await loadFonts(), voice: createEspeak() },
			writer: createOfflineWriter(),
			fetchPicture: (url) => readFile(pictures[Number(new URL(url).pathname.slice(1))] ?? ''),
			cache: createCache(join(folder, 'cache')),
		};
		const cold = await film('cold', order(), studio, folder);
		const changed = await film(
			'changed',
			order('A lamp that folds flat in two moves'),
			studio,
			folder,
		);
		const { receipt } = cold.made;
		const bare = await encodeOnce(ffmpeg, cold.made.video, folder);
		const thrice = await encodeThrice(ffmpeg, cold.made.video, folder);
		const length = receipt.pictureSeconds;
		const figure = (
			name: string,
			value: number,
			unit: string,
			rest: Partial<Figure> = {},
		): Figure => ({
			...{ name, value: Number(value.toFixed(2)), unit, limit: null, goal: null, ok: null },
			...rest,
		});
		return {
			name: 'video-factory',
			figures: [
				figure(`render ${SECONDS} s of 1080x1920@30`, cold.seconds, 's', {
					limit: `${bare.seconds.toFixed(1)} s to decode and encode the finished picture once`,
					goal: '< 28 s on two free cores; peers 77 to 146 s',
					ok: cold.seconds < 28,
				}),
				figure('speed', length / cold.seconds, 'x realtime', {
					limit: `${(length / thrice.seconds).toFixed(2)} x: three encodes at preset medium (MoneyPrinterTurbo)`,
					goal: '> 1',
					ok: length > cold.seconds,
				}),
				figure('CPU time, ffmpeg and this process', cold.cpuSeconds, 's', {
					limit: `${bare.cpuSeconds.toFixed(1)} s one bare encode, ${thrice.cpuSeconds.toFixed(0)} s three encodes`,
					goal: '<= 28 s, so that one core would do',
					ok: cold.cpuSeconds <= 28,
				}),
				figure('peak memory of one ffmpeg', receipt.peakRssBytes / 2 ** 20, 'MB', {
					goal: '<= 450 MB',
					ok: receipt.peakRssBytes / 2 ** 20 <= 450,
				}),
				figure('again with one changed sentence', changed.seconds, 's', {
					limit: `${changed.made.receipt.segments.rendered.length} of ${countSegments(changed)} segments rendered`,
					goal: '< 8 s',
					ok: changed.seconds < 8,
				}),
				figure('loudness', receipt.integratedLufs, 'LUFS', {
					goal: '-14 +- 0.5',
					ok: Math.abs(receipt.integratedLufs + 14) <= 0.5,
				}),
				figure('file', receipt.sizeBytes / 1e6, 'MB'),
			],
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

type Take = Awaited<ReturnType<typeof film>>;

function countSegments({ made }: Take): number {
	return made.receipt.segments.rendered.length + made.receipt.segments.reused.length;
}

async function film(name: string, wanted: Order, studio: Studio, folder: string) {
	const own = join(folder, name);
	await mkdir(own);
	const started = performance.now();
	const before = process.cpuUsage();
	const made = await produce(wanted, studio, { folder: own });
	const { user, system } = process.cpuUsage(before);
	// Pictures are moved in this process, so its time counts as well.
	const cpuSeconds = made.receipt.cpuSeconds + (user + system) / 1e6;
	return { made, cpuSeconds, seconds: (performance.now() - started) / 1000 };
}

function order(changed = 'A lamp that folds flat in one move'): Order {
	const script = [
		'Meet the Halo desk lamp, made for late hours.',
		'Good light is hard to find after dark, wherever you work.',
		changed + ', so it fits any bag and any desk.',
		'It dims from sunrise warm to daylight white, at one touch.',
		'All of that for eighty nine euros, with free returns.',
		'Get yours today, and see evenings in a better light.',
	];
	return {
		script: script.join(' '),
		product: { title: 'Halo Desk Lamp', brand: 'Lumen' },
		images: [0, 1, 2].map((index) => `http://bench.test/${index}`),
		aspect: '9:16',
		voice: { id: 'en-us', rate: 160, pitch: 50 },
		music: { mood: 'bright', volume: 0.25 },
		captions: { style: 'bold', position: 'bottom' },
		language: 'en',
		// Without a target the rest of the scenes stays as it was when one sentence changes.
	};
}

/** Pictures with detail and noise, so that the encoder has something to do. */
async function makePictures(ffmpeg: Studio['ffmpeg'], folder: string): Promise<string[]> {
	const files: string[] = [];
	for (const seed of [1, 2, 3]) {
		const output = join(folder, `picture-${seed}.jpg`);
		const source = `gradients=s=1600x2400:nb_colors=4:seed=${seed},drawgrid=w=${90 + seed * 30}:h=120:t=3:c=white@0.3,noise=alls=12:allf=u`;
		await ffmpeg.run({
			inputs: [{ source, options: ['-f', 'lavfi'] }],
			outputOptions: ['-frames:v', '1', '-q:v', '3', '-f', 'mjpeg'],
			output,
			cwd: folder,
		});
		files.push(output);
	}
	return files;
}

interface Cost {
	seconds: number;
	cpuSeconds: number;
}

/** The floor: the finished frames decoded and encoded once with our settings, on all cores. */
async function encodeOnce(ffmpeg: Studio['ffmpeg'], video: string, folder: string): Promise<Cost> {
	const args = encoderArgs.map((arg, index) => (encoderArgs[index - 1] === '-threads' ? '0' : arg));
	return cost([await encode(ffmpeg, video, join(folder, 'once.mp4'), args)]);
}

/** What MoneyPrinterTurbo does: every clip encoded, then the joined video, then the captions, preset medium. */
async function encodeThrice(
	ffmpeg: Studio['ffmpeg'],
	video: string,
	folder: string,
): Promise<Cost> {
	const runs: FfmpegResult[] = [];
	let source = video;
	// A quarter of the picture is enough to know the pace; the whole would take minutes.
	const sample = SECONDS / 4;
	for (const pass of [1, 2, 3]) {
		const output = join(folder, `pass-${pass}.mp4`);
		const args = [
			'-t',
			String(sample),
			'-an',
			'-c:v',
			'libx264',
			'-preset',
			'medium',
			'-pix_fmt',
			'yuv420p',
			'-f',
			'mp4',
		];
		runs.push(await encode(ffmpeg, source, output, args));
		source = output;
	}
	const { seconds, cpuSeconds } = cost(runs);
	return { seconds: seconds * 4, cpuSeconds: cpuSeconds * 4 };
}

function encode(ffmpeg: Studio['ffmpeg'], source: string, output: string, args: string[]) {
	return ffmpeg.run({ inputs: [{ source }], outputOptions: args, output, cwd: tmpdir() });
}

function cost(runs: FfmpegResult[]): Cost {
	return {
		seconds: runs.reduce((sum, { wallMs }) => sum + wallMs / 1000, 0),
		cpuSeconds: runs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
	};
}

if (import.meta.main) console.log(JSON.stringify(await bench(), null, '\t'));
