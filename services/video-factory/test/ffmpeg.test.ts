import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createFfmpeg } from '../src/adapters/ffmpeg.ts';
import { ffmpeg, temporaryFolder } from './world.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const endless = { source: 'testsrc2=s=640x360:r=30', options: ['-f', 'lavfi', '-re'] };
const toNull = ['-f', 'null'];

describe('ffmpeg adapter', () => {
	it('reports progress by frames, and CPU time and memory of the child', async () => {
		const fractions: number[] = [];
		const result = await ffmpeg.run({
			inputs: [{ source: 'testsrc2=s=640x360:r=30', options: ['-f', 'lavfi'] }],
			outputOptions: ['-frames:v', '90', '-c:v', 'libx264', '-f', 'mp4'],
			output: 'a b.mp4',
			cwd: folder,
			totalFrames: 90,
			onProgress: (fraction) => fractions.push(fraction),
		});
		expect(fractions.at(-1)).toBe(1);
		expect(result.cpuSeconds).toBeGreaterThan(0);
		expect(result.peakRssBytes).toBeGreaterThan(10_000_000);
		const probe = await ffmpeg.probe(join(folder, 'a b.mp4'), ['-count_packets']);
		expect(probe.streams[0]).toMatchObject({ codec_name: 'h264', nb_read_packets: '90' });
	});

	it('stops the process when the job is stopped', async () => {
		const controller = new AbortController();
		const run = ffmpeg.run({
			inputs: [endless],
			outputOptions: toNull,
			output: '-',
			cwd: folder,
			totalFrames: 1000,
			signal: controller.signal,
			onProgress: () => controller.abort(),
		});
		await expect(run).rejects.toMatchObject({ name: 'FfmpegError', reason: 'aborted' });
	});

	it('kills a process that makes no progress', async () => {
		execFileSync('mkfifo', [join(folder, 'silent.fifo')]); // nobody ever writes to it
		const run = ffmpeg.run({
			inputs: [{ source: 'silent.fifo', options: ['-f', 'h264'] }],
			outputOptions: toNull,
			output: '-',
			cwd: folder,
			stallMs: 300,
		});
		await expect(run).rejects.toMatchObject({ reason: 'stalled' });
	});

	it('kills a process that works longer than it may', async () => {
		const run = ffmpeg.run({
			inputs: [endless],
			outputOptions: toNull,
			output: '-',
			cwd: folder,
			timeLimitMs: 400,
		});
		await expect(run).rejects.toMatchObject({ reason: 'time_limit' });
	});

	it('opens no network address', async () => {
		const run = ffmpeg.run({
			inputs: [{ source: 'http://127.0.0.1:9/x.mp4' }],
			outputOptions: toNull,
			output: '-',
			cwd: folder,
		});
		await expect(run).rejects.toMatchObject({
			reason: 'exit',
			log: expect.stringMatching(/not on whitelist/i) as unknown,
		});
	});

	it('says what to install when ffmpeg is missing', async () => {
		const lost = createFfmpeg({ ffmpegPath: '/nowhere/ffmpeg', ffprobePath: '/nowhere/ffprobe' });
		await expect(lost.version()).rejects.toThrow(/install the system package ffmpeg/);
	});
});
