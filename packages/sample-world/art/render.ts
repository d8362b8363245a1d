/**
 * Draws the product pictures: scene (SVG) -> headless Chromium -> JPEG in ../media.
 * Run it after a change of scenes.ts or lamp.ts: `node packages/sample-world/art/render.ts [scene]`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENES } from './scenes.ts';

const media = join(import.meta.dirname, '..', 'media');
const folder = mkdtempSync(join(tmpdir(), 'sample-world-art-'));
const only = process.argv[2];

try {
	for (const [name, draw] of Object.entries(SCENES)) {
		if (only !== undefined && only !== name) continue;
		const page = join(folder, `${name}.html`);
		const png = join(folder, `${name}.png`);
		writeFileSync(page, `<!doctype html><style>body{margin:0}svg{display:block}</style>${draw()}`);
		execFileSync(
			'chromium-headless-shell',
			[
				'--headless',
				'--no-sandbox',
				'--hide-scrollbars',
				'--window-size=1600,2000',
				`--screenshot=${png}`,
				`file://${page}`,
			],
			{ stdio: ['ignore', 'ignore', 'ignore'] },
		);
		// Quality 3 keeps the gradients free of bands and each picture under 250 KB.
		execFileSync('ffmpeg', [
			...['-v', 'error', '-y', '-i', png, '-pix_fmt', 'yuvj420p', '-q:v', '3'],
			join(media, `${name}.jpg`),
		]);
		console.log(`${name}.jpg`);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
