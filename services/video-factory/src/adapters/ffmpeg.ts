import { execFile } from 'node:child_process';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import createCommand from 'fluent-ffmpeg';
import { z } from 'zod';

const execFileAsync = promisify(execFile);

/** One run of ffmpeg. Text of users never belongs in `graph`: it goes into files (ASS). */
export interface FfmpegRun {
	/** Inputs in order; options precede `-i`. One may be a stream, which the run closes. */
	inputs: { source: string | Readable; options?: string[] }[];
	/** `-filter_complex`, with labelled outputs that `outputOptions` maps. */
	graph?: string;
	outputOptions: string[];
	output: string;
	/** Working folder: lets graphs name files without escaping a path. */
	cwd: string;
	/** Frames the output will have; gives progress as a fraction (otherwise seconds are used). */
	totalFrames?: number;
	totalSeconds?: number;
	timeLimitMs?: number;
	/** Killed when neither frame nor out_time moves for this long. */
	stallMs?: number;
	signal?: AbortSignal | undefined;
	onProgress?: (fraction: number) => void;
}

export interface FfmpegResult {
	/** The last lines ffmpeg wrote: filters such as ebur128 report here. */
	log: string;
	/** Video frames written. */
	frames: number;
	/** User plus system time of the child, from `-benchmark`. */
	cpuSeconds: number;
	peakRssBytes: number;
	wallMs: number;
}

const probeSchema = z.object({
	streams: z.array(
		z.object({
			codec_type: z.string().optional(),
			codec_name: z.string().optional(),
			profile: z.string().optional(),
			pix_fmt: z.string().optional(),
			width: z.number().optional(),
			height: z.number().optional(),
			color_space: z.string().optional(),
			sample_rate: z.string().optional(),
			channels: z.number().optional(),
			r_frame_rate: z.string().optional(),
			duration: z.string().optional(),
			nb_read_packets: z.string().optional(),
		}),
	),
	format: z
		.object({
			format_name: z.string().optional(),
			duration: z.string().optional(),
			size: z.string().optional(),
			bit_rate: z.string().optional(),
		})
		.default({}),
});
export type Probe = z.infer<typeof probeSchema>;

export interface Ffmpeg {
	run(task: FfmpegRun): Promise<FfmpegResult>;
	/** @throws FfmpegError when the file is not media or ffprobe takes more than 20 s. */
	probe(file: string, options?: string[]): Promise<Probe>;
	/** First line of `ffmpeg -version`; part of every segment's key. */
	version(): Promise<string>;
}

/** ffmpeg failed, hung or was stopped. `reason` says which; `log` holds its last words. */
export class FfmpegError extends Error {
	readonly reason: 'exit' | 'stalled' | 'time_limit' | 'aborted' | 'missing';
	readonly log: string;
	constructor(reason: FfmpegError['reason'], message: string, log: string, cause?: unknown) {
		super(message, { cause });
		this.name = 'FfmpegError';
		this.reason = reason;
		this.log = log;
	}
}

const KILL_AFTER_MS = 2_000;
const LOG_LINES = 200;

/** Options every run gets: no terminal, machine-readable progress, nothing but local files. */
const globalOptions = [
	'-hide_banner',
	'-nostdin',
	'-nostats',
	'-benchmark',
	'-loglevel',
	'info',
	'-progress',
	'pipe:2',
	'-stats_period',
	'0.25',
];
const inputGuard = ['-protocol_whitelist', 'file,crypto,data'];
const streamGuard = ['-protocol_whitelist', 'pipe'];

/**
 * FFmpeg behind one small interface. fluent-ffmpeg is archived, so only this file knows it: it
 * spawns the process and assembles the command line; watchdog, limits and progress are ours.
 */
export function createFfmpeg(paths: { ffmpegPath: string; ffprobePath: string }): Ffmpeg {
	let version: Promise<string> | undefined;
	return {
		run: (task) => runCommand(paths.ffmpegPath, task),
		probe: (file, options = []) => probeFile(paths.ffprobePath, file, options),
		version() {
			version ??= execFileAsync(paths.ffmpegPath, ['-version'], { timeout: 10_000 }).then(
				({ stdout }) => stdout.split('\n')[0] ?? '',
				(cause: unknown) => {
					version = undefined;
					throw missing(paths.ffmpegPath, cause);
				},
			);
			return version;
		},
	};
}

function missing(path: string, cause: unknown): FfmpegError {
	const advice = 'install the system package ffmpeg or set FFMPEG_PATH and FFPROBE_PATH';
	return new FfmpegError('missing', `${path} cannot be run: ${advice}`, '', cause);
}

async function probeFile(ffprobePath: string, file: string, options: string[]): Promise<Probe> {
	const args = ['-v', 'error', ...inputGuard, '-show_streams', '-show_format', '-of', 'json'];
	try {
		const { stdout } = await execFileAsync(ffprobePath, [...args, ...options, file], {
			timeout: 20_000,
			maxBuffer: 4 << 20,
		});
		return probeSchema.parse(JSON.parse(stdout));
	} catch (cause) {
		throw new FfmpegError('exit', 'The file could not be read as media', String(cause), cause);
	}
}

function runCommand(ffmpegPath: string, task: FfmpegRun): Promise<FfmpegResult> {
	const started = performance.now();
	const lines: string[] = [];
	let frames = 0;
	let cpuSeconds = 0;
	let peakRssBytes = 0;
	let stopReason: 'stalled' | 'time_limit' | 'aborted' | undefined;
	let running = false;

	const command = createCommand({ cwd: task.cwd, stdoutLines: LOG_LINES });
	command.setFfmpegPath(ffmpegPath);
	for (const [index, input] of task.inputs.entries()) {
		const lavfi = input.options?.includes('lavfi') ?? false;
		const options = [
			...(index === 0 ? globalOptions : []),
			...(lavfi ? [] : typeof input.source === 'string' ? inputGuard : streamGuard),
			...(input.options ?? []),
		];
		command.input(input.source);
		// Spread over several arguments: one array would have its strings split at blanks.
		if (options.length > 0) command.inputOptions(...options);
	}
	if (task.graph !== undefined) command.complexFilter(task.graph);
	command.outputOptions(...task.outputOptions).output(task.output);

	return new Promise((resolve, reject) => {
		let stallTimer: NodeJS.Timeout | undefined;
		let killTimer: NodeJS.Timeout | undefined;
		const stop = (reason: NonNullable<typeof stopReason>) => {
			stopReason ??= reason;
			if (!running) return;
			command.kill('SIGTERM');
			killTimer ??= setTimeout(() => command.kill('SIGKILL'), KILL_AFTER_MS);
		};
		const stopForCaller = () => stop('aborted');
		const armStall = () => {
			clearTimeout(stallTimer);
			stallTimer = setTimeout(() => stop('stalled'), task.stallMs ?? 30_000);
		};
		const limitTimer = setTimeout(() => stop('time_limit'), task.timeLimitMs ?? 600_000);
		const settle = () => {
			clearTimeout(stallTimer);
			clearTimeout(killTimer);
			clearTimeout(limitTimer);
			task.signal?.removeEventListener('abort', stopForCaller);
			for (const { source } of task.inputs) if (typeof source !== 'string') source.destroy();
		};

		if (task.signal?.aborted) {
			settle();
			reject(new FfmpegError('aborted', 'ffmpeg was not started: the job was stopped', ''));
			return;
		}
		task.signal?.addEventListener('abort', stopForCaller, { once: true });

		let lastPosition = '';
		command.on('start', () => {
			running = true;
			if (stopReason) stop(stopReason);
			armStall();
		});
		command.on('stderr', (line: string) => {
			// The whole line: the closing summary begins with "frame=" too.
			const position = /^(frame|out_time_us)=(\d+)$/.exec(line);
			if (position) {
				if (line !== lastPosition) armStall();
				lastPosition = line;
				if (position[1] === 'frame') frames = Number(position[2]);
				const total = position[1] === 'frame' ? task.totalFrames : (task.totalSeconds ?? 0) * 1e6;
				if (total) task.onProgress?.(Math.min(1, Number(position[2]) / total));
				return;
			}
			const times = /^bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(line);
			const memory = /^bench: maxrss=(\d+)kB/.exec(line);
			if (times) cpuSeconds = Number(times[1]) + Number(times[2]);
			else if (memory) peakRssBytes = Number(memory[1]) * 1024;
			else if (!/^\w+=\s*\S*$/.test(line)) {
				lines.push(line);
				if (lines.length > LOG_LINES) lines.shift();
			}
		});
		command.on('end', () => {
			settle();
			resolve({
				log: lines.join('\n'),
				frames,
				cpuSeconds,
				peakRssBytes,
				wallMs: performance.now() - started,
			});
		});
		command.on('error', (error: Error & { code?: unknown }) => {
			settle();
			const log = lines.join('\n');
			if (stopReason) {
				reject(new FfmpegError(stopReason, stopMessages[stopReason], log, error));
			} else if (error.code === 'ENOENT') {
				reject(missing(ffmpegPath, error));
			} else {
				const last = lines.slice(-3).join(' | ');
				reject(new FfmpegError('exit', `ffmpeg failed: ${error.message}: ${last}`, log, error));
			}
		});
		command.run();
	});
}

const stopMessages = {
	aborted: 'ffmpeg was stopped because the job was stopped',
	stalled: 'ffmpeg made no progress and was killed; look at the load and the disk of the worker',
	time_limit: 'ffmpeg ran into its time limit and was killed',
};
