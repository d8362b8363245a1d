import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { produce, type Order, type Run, type Studio } from '../src/videos/produce.ts';
import { ffmpeg, kettle, makePicture, makeStudio, shortOrder, temporaryFolder } from './world.ts';

// Rendering takes as long as the machine is busy.
jest.setTimeout(600_000);

const { folder, remove } = temporaryFolder();
afterAll(remove);
let studio: Studio;
beforeAll(async () => {
	const pictures: Record<string, Buffer> = {
		'/a.jpg': makePicture('900x1600', ['0x1f5f8b', '0xe8c27a']),
		'/b.png': makePicture('1200x900', ['0x8b1f3a', '0xe8d5c0'], 'png'),
		'/page.jpg': Buffer.from('<html>not found</html>'),
	};
	studio = await makeStudio(join(folder, 'cache'), (url) => {
		const bytes = pictures[new URL(url).pathname];
		return bytes ? Promise.resolve(bytes) : Promise.reject(new Error('404'));
	});
});

function film(name: string, order: Order, run: Partial<Run> = {}) {
	const own = join(folder, name);
	mkdirSync(own, { recursive: true });
	return produce(order, studio, { folder: own, ...run });
}

const pictured = shortOrder({
	script: 'Meet the Arc Kettle. Any degree, held for an hour. Get yours, my friend.',
	images: ['http://shop.test/a.jpg', 'http://shop.test/b.png', 'http://shop.test/gone.jpg'],
});

describe('a video', () => {
	it('is full size, High profile, loud as promised, with picture and sound of one length', async () => {
		const steps: string[] = [];
		const percents: number[] = [];
		const made = await film('first', pictured, {
			onProgress: (step, percent) => {
				if (steps.at(-1) !== step) steps.push(step);
				percents.push(percent);
			},
		});
		expect(steps).toEqual(['script', 'pictures', 'voice', 'scenes', 'render', 'join', 'inspect']);
		expect(percents).toEqual(percents.toSorted((a, b) => a - b));

		const probe = await ffmpeg.probe(made.video, ['-count_packets']);
		const [picture, sound] = probe.streams;
		expect(picture).toMatchObject({
			...{ codec_name: 'h264', profile: 'High', pix_fmt: 'yuv420p', width: 1080, height: 1920 },
			...{ r_frame_rate: '30/1', color_space: 'bt709' },
		});
		expect(sound).toMatchObject({ codec_name: 'aac', sample_rate: '48000', channels: 2 });
		expect(Number(picture?.duration)).toBeCloseTo(Number(sound?.duration), 1);
		expect(Math.abs(made.receipt.integratedLufs + 14)).toBeLessThanOrEqual(0.5);
		expect(made.receipt.captionTiming).toBe('events');
		expect(made.receipt.gates.every(({ ok }) => ok)).toBe(true);

		// faststart: the index stands before the pictures.
		const bytes = await readFile(made.video);
		expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
		const poster = await ffmpeg.probe(made.poster);
		expect(poster.streams[0]).toMatchObject({ width: 1080, height: 1920 });
		expect(await readFile(made.subtitles, 'utf8')).toContain('Meet the Arc Kettle.');
	});

	it('renders again only the scene whose words changed', async () => {
		const script = 'Meet the Arc Kettle. Any heat you like, held for hours. Get yours, my friend.';
		const { receipt } = await film('second', { ...pictured, script });
		// The crossfade that leaves the scene begins at another frame of it.
		expect(receipt.segments.rendered.sort()).toEqual(['crossfade-2', 'scene-2']);
		expect(receipt.segments.reused.sort()).toEqual(['crossfade-1', 'scene-1', 'scene-3']);
	});

	it('is the same to the last byte when made again', async () => {
		const first = await readFile(join(folder, 'first', 'video.mp4'));
		const again = await film('third', pictured);
		expect(again.receipt.segments.rendered).toEqual([]);
		expect(first.equals(await readFile(again.video))).toBe(true);
	});

	it('shows hostile words as words, in 1:1 without pictures', async () => {
		const { script, receipt, subtitles } = await film(
			'hostile',
			shortOrder({
				aspect: '1:1',
				music: null,
				product: { ...kettle, title: "';[0:v]drawtext={\\p1}%{pts}" },
				script: "Say {\\an8}hi to ass='x',drawtext and \\N more.",
			}),
		);
		expect(script.beats).toHaveLength(1);
		expect(receipt).toMatchObject({ width: 1080, height: 1080 });
		expect(await readFile(subtitles, 'utf8')).toContain('{\\an8}hi');
		expect((await stat(subtitles)).size).toBeGreaterThan(40);
	});

	it('does not start without a usable picture when pictures were asked for', async () => {
		const broken = film('broken', shortOrder({ images: ['http://shop.test/page.jpg'] }));
		await expect(broken).rejects.toThrow(/page.jpg is not a JPEG, PNG or WebP image/);
		const local = film('local', shortOrder({ images: ['file:///etc/passwd'] }));
		await expect(local).rejects.toThrow(/not an http\(s\) URL/);
		const data = film('data', shortOrder({ images: ['data:image/png;base64,iVBORw0KGgo='] }));
		await expect(data).rejects.toThrow(/not an http\(s\) URL/);
	});

	it('stops within moments when cancelled', async () => {
		const controller = new AbortController();
		const order = shortOrder({
			script: 'Something quite different, never rendered before. Really.',
		});
		const made = film('cancelled', order, {
			signal: controller.signal,
			onProgress: (step, percent) => {
				if (step === 'render' && percent > 16) controller.abort();
			},
		});
		await expect(made).rejects.toThrow(/stopped/);
	});
});
