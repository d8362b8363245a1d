import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { blackOf, watchForBlack } from '../src/videos/black.ts';
import { createCache } from '../src/videos/cache.ts';
import { frameOf } from '../src/videos/frame.ts';
import { renderSegments } from '../src/videos/rendering.ts';
import { ffmpeg, temporaryFolder } from './world.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);
const frame = frameOf('1:1');

/** A segment that shows one brightness: 16 is black. */
function segment(name: string, frames: number, brightness: number) {
	const size = frame.width * frame.height;
	const file = join(folder, `${name}.yuv`);
	writeFileSync(file, Buffer.concat([Buffer.alloc(size, brightness), Buffer.alloc(size / 2, 128)]));
	const window = { x: 0, y: 0, width: frame.width, height: frame.height };
	const still = { file, hash: name, width: frame.width, height: frame.height };
	return {
		...{ name, key: `key-of-${name}`, frames, stills: [], documents: [] },
		moving: [{ still, windows: Array.from({ length: frames }, () => window) }],
		graph: `[0:v]format=yuv420p,${watchForBlack}[o]`,
	};
}

describe('black stretches', () => {
	it('are found while segments are drawn, and known when they are used again', async () => {
		const segments = [
			...[segment('grey', 6, 120), segment('dark', 5, 16), segment('darker', 4, 16)],
			segment('last', 3, 120),
		];
		mkdirSync(join(folder, 'job'));
		const cache = createCache(join(folder, 'cache'));
		const desk = { ffmpeg, cache, folder: join(folder, 'job'), frame, concurrency: 2 };
		const first = await renderSegments(segments, desk);
		expect(first.rendered).toEqual(['grey', 'dark', 'darker', 'last']);
		expect(first.black).toEqual([{ start: 6 / 30, end: 15 / 30 }]);
		const again = await renderSegments(segments, desk);
		expect(again.reused).toEqual(first.rendered);
		expect(again.black).toEqual(first.black);
	});

	it('are no fault when nobody sees them', () => {
		const flash = [{ start: 0.1, end: 0.2 }];
		const apart = [
			{ start: 0, end: 0.15 },
			{ start: 0.3, end: 0.45 },
		];
		expect(
			blackOf([
				{ frames: 30, black: flash },
				{ frames: 30, black: apart },
			]),
		).toEqual([]);
	});
});
