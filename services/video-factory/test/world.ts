import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEspeak } from '../src/adapters/espeak.ts';
import { createFfmpeg } from '../src/adapters/ffmpeg.ts';
import { loadFonts } from '../src/adapters/fonts.ts';
import { createOfflineWriter } from '../src/adapters/script-offline.ts';
import { createCache } from '../src/videos/cache.ts';
import type { FetchPicture } from '../src/videos/pictures.ts';
import type { Order, Studio } from '../src/videos/produce.ts';

/** Folder that goes with the test file. */
export function temporaryFolder(): { folder: string; remove: () => void } {
	const folder = mkdtempSync(join(tmpdir(), 'video-factory-'));
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const ffmpeg = createFfmpeg({ ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe' });

/** A photograph-like picture made by ffmpeg itself. */
export function makePicture(size: string, colours: [string, string], format = 'mjpeg'): Buffer {
	const source = `gradients=s=${size}:c0=${colours[0]}:c1=${colours[1]}:nb_colors=2:seed=3:x0=0:y0=0:x1=400:y1=500,drawgrid=w=160:h=160:t=6:c=white@0.35`;
	return execFileSync(
		'ffmpeg',
		[
			'-v',
			'error',
			'-f',
			'lavfi',
			'-i',
			source,
			'-frames:v',
			'1',
			'-c:v',
			format,
			'-f',
			'image2pipe',
			'-',
		],
		{ maxBuffer: 32 << 20 },
	);
}

export const kettle = {
	title: 'Arc Kettle',
	brand: 'Northfold',
	description: 'Tea tastes better at the right heat.',
	features: ['Holds any degree for an hour'],
	price: { amount: 7950, currency: 'EUR' },
};

/** About five seconds at full size. */
export function shortOrder(over: Partial<Order> = {}): Order {
	return {
		script: 'Meet the Arc Kettle. Any degree, held for an hour.',
		product: kettle,
		images: [],
		aspect: '9:16',
		voice: { id: 'en-us', rate: 220, pitch: 50 },
		music: { mood: 'calm', volume: 0.25 },
		captions: { style: 'bold', position: 'bottom' },
		language: 'en',
		...over,
	};
}

export async function makeStudio(
	cacheFolder: string,
	fetchPicture: FetchPicture = () => Promise.reject(new Error('no network in this test')),
): Promise<Studio> {
	return {
		ffmpeg,
		fonts: await loadFonts(),
		voice: createEspeak(),
		writer: createOfflineWriter(),
		fetchPicture,
		cache: createCache(cacheFolder),
		concurrency: 2,
	};
}
