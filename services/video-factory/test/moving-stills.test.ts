import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { compileResample } from '../compile-resample.ts';
import { drawMoving, windowAt, type MovingStill } from '../src/videos/backgrounds.ts';
import { createCache } from '../src/videos/cache.ts';
import { frameOf } from '../src/videos/frame.ts';
import { renderSegments } from '../src/videos/rendering.ts';
import { createResampler, type Planar, type Window } from '../src/videos/resample.ts';
import { ffmpeg, temporaryFolder } from './world.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** A picture of hashed noise: no two places are alike. */
function noise(width: number, height: number, seed: number): Planar {
	const bytes = new Uint8Array((width * height * 3) / 2);
	for (const index of bytes.keys()) bytes[index] = Math.imul(index + seed, 2654435761) >>> 24;
	return { bytes, width, height };
}

/** Bilinear by the book, for one sample of a plane. */
function sample(plane: Uint8Array, width: number, x: number, y: number): number {
	const height = plane.length / width;
	const column = Math.min(width - 1, Math.max(0, x));
	const row = Math.min(height - 1, Math.max(0, y));
	const at = (c: number, r: number) =>
		plane[Math.min(height - 1, r) * width + Math.min(width - 1, c)] ?? 0;
	const [left, top] = [Math.floor(column), Math.floor(row)];
	const across = (r: number) => at(left, r) + (at(left + 1, r) - at(left, r)) * (column - left);
	return across(top) + (across(top + 1) - across(top)) * (row - top);
}

function planeOf({ bytes, width, height }: Planar, index: number): Uint8Array {
	const luma = width * height;
	return index === 0
		? bytes.subarray(0, luma)
		: bytes.subarray(luma + ((index - 1) * luma) / 4, luma + (index * luma) / 4);
}

describe('stills in motion', () => {
	it('are drawn by the program that its source describes', async () => {
		const program = await readFile(new URL('../src/videos/resample.wasm', import.meta.url));
		expect(program.equals(await compileResample())).toBe(true);
	});

	it('are drawn between the pixels, each colour from its own plane, one above the other', async () => {
		const frame = { width: 60, height: 44 }; // neither a multiple of eight
		const pictures = [noise(60, 44, 1), noise(100, 82, 2)];
		const windows: Window[] = [
			{ x: 3.3, y: 1.9, width: 50.7, height: 37.2 },
			{ x: 20.25, y: 0, width: 79.75, height: 58.5 },
		];
		const resampler = await createResampler(pictures, frame);
		const tall = {
			bytes: Uint8Array.from(resampler.draw(windows)),
			...{ width: frame.width, height: frame.height * 2 },
		};
		for (const [index, picture] of pictures.entries()) {
			const window = windows[index];
			if (!window) throw new Error('no window');
			for (const plane of [0, 1, 2]) {
				const shrink = plane === 0 ? 1 : 2;
				const width = frame.width / shrink;
				const height = frame.height / shrink;
				const drawn = planeOf(tall, plane).subarray(index * width * height);
				let worst = 0;
				for (let y = 0; y < height; y++) {
					for (let x = 0; x < width; x++) {
						const wanted = sample(
							planeOf(picture, plane),
							picture.width / shrink,
							window.x / shrink + ((x + 0.5) * window.width) / frame.width - 0.5,
							window.y / shrink + ((y + 0.5) * window.height) / frame.height - 0.5,
						);
						worst = Math.max(worst, Math.abs((drawn[y * width + x] ?? 0) - wanted));
					}
				}
				// A 512th of a pixel off in both directions, and rounded twice.
				expect(worst).toBeLessThan(2.1);
			}
		}
	});

	it('move without a jerk', async () => {
		const size = { width: 216, height: 384 };
		const bytes = new Uint8Array((size.width * size.height * 3) / 2);
		const dot = { x: 150, y: 290 };
		for (let y = 0; y < size.height; y++) {
			for (let x = 0; x < size.width; x++) {
				const distance = (x - dot.x) ** 2 + (y - dot.y) ** 2;
				bytes[y * size.width + x] = Math.round(250 * Math.exp(-distance / 18));
			}
		}
		const resampler = await createResampler([{ bytes, ...size }], size);
		const motion = { zoom: 'in', dx: 0.5, dy: -0.2 } as const;
		const places = Array.from({ length: 60 }, (_, number) => {
			const drawn = resampler.draw([windowAt(motion, size, number)]);
			let [sum, x, y] = [0, 0, 0];
			for (let at = 0; at < size.width * size.height; at++) {
				const value = drawn[at] ?? 0;
				sum += value;
				x += value * (at % size.width);
				y += value * Math.floor(at / size.width);
			}
			return { x: x / sum, y: y / sum };
		});
		for (const axis of ['x', 'y'] as const) {
			const jerks = places.slice(2).map((place, index) => {
				const [before, between] = [places[index]?.[axis] ?? 0, places[index + 1]?.[axis] ?? 0];
				return Math.abs(place[axis] - 2 * between + before);
			});
			expect(jerks.reduce((sum, jerk) => sum + jerk, 0) / jerks.length).toBeLessThan(0.03);
		}
		expect(Math.abs((places.at(-1)?.y ?? 0) - (places[0]?.y ?? 0))).toBeGreaterThan(1);
	});

	it('reach ffmpeg as they were drawn, however slowly it takes them', async () => {
		const frame = frameOf('1:1');
		const picture = noise(frame.width, frame.height, 5);
		await writeFile(join(folder, 'still.yuv'), picture.bytes);
		const motion = { zoom: 'out', dx: -0.5, dy: 0.2 } as const;
		const windows = Array.from({ length: 12 }, (_, number) => windowAt(motion, frame, number));
		const moving: MovingStill[] = [
			{ still: { ...picture, file: join(folder, 'still.yuv'), hash: 'x' }, windows },
		];
		const options = ['-f', 'rawvideo', '-pixel_format', 'yuv420p', '-video_size', '1080x1080'];
		const result = await ffmpeg.run({
			inputs: [{ source: drawMoving(moving, frame), options: [...options, '-readrate', '2'] }],
			outputOptions: ['-f', 'rawvideo'],
			output: 'drawn.yuv',
			cwd: folder,
		});
		expect(result.frames).toBe(12);
		const drawn = await readFile(join(folder, 'drawn.yuv'));
		const resampler = await createResampler([picture], frame);
		const size = picture.bytes.length;
		for (const [index, window] of windows.entries()) {
			const same = drawn
				.subarray(index * size, (index + 1) * size)
				.equals(resampler.draw([window]));
			expect(same).toBe(true);
		}
	});

	it('make no segment when they end too early', async () => {
		const frame = frameOf('1:1');
		const picture = noise(frame.width, frame.height, 5);
		await writeFile(join(folder, 'short.yuv'), picture.bytes);
		const still = { ...picture, file: join(folder, 'short.yuv'), hash: 'x' };
		const segment = {
			...{ name: 'scene-1', key: 'ab12', frames: 5, stills: [], documents: [] },
			moving: [{ still, windows: [{ x: 0, y: 0, width: 1000, height: 1000 }] }],
			graph: '[0:v]format=yuv420p[o]',
		};
		const cache = createCache(join(folder, 'cache'));
		const rendered = renderSegments([segment], { ffmpeg, cache, folder, frame, concurrency: 1 });
		await expect(rendered).rejects.toThrow('scene-1 has 1 frames, planned were 5');
		expect(await cache.find('ab12', 'mp4')).toBeUndefined();
	});
});
