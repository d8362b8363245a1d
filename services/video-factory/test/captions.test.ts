import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadFonts, type Fonts } from '../src/adapters/fonts.ts';
import { assDocument, assText, setType } from '../src/videos/ass.ts';
import { captionEvents, groupCaptions, toSrt } from '../src/videos/captions.ts';
import { frameOf } from '../src/videos/frame.ts';
import { paletteFor } from '../src/videos/palette.ts';
import { ffmpeg, temporaryFolder } from './world.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);
let fonts: Fonts;
beforeAll(async () => {
	fonts = await loadFonts();
});
const frame = frameOf('9:16');

function say(sentence: string) {
	return sentence
		.split(' ')
		.map((text, index) => ({ text, start: index * 0.4, end: index * 0.4 + 0.4 }));
}

/** Box of what a document paints on black: "w:h", or undefined when nothing is seen. */
async function painted(text: string): Promise<{ width: number; height: number } | undefined> {
	const event = {
		start: 0,
		end: 5,
		layer: 0,
		style: 'text' as const,
		text: `{\\an5\\pos(540,900)\\fs60}${text}`,
	};
	writeFileSync(join(folder, 'type.ass'), assDocument(frame, fonts, [event]));
	const { log } = await ffmpeg.run({
		inputs: [{ source: 'color=black:s=1080x1920:r=1', options: ['-f', 'lavfi'] }],
		graph: '[0:v]ass=type.ass,bbox=min_val=60[o]',
		outputOptions: ['-map', '[o]', '-frames:v', '1', '-f', 'null'],
		output: '-',
		cwd: folder,
	});
	const match = / w:(\d+) h:(\d+)/.exec(log);
	return match ? { width: Number(match[1]), height: Number(match[2]) } : undefined;
}

describe('captions', () => {
	it('groups words evenly, ends at stops, keeps to the safe area', () => {
		const groups = groupCaptions(
			say('Brews a rich cup slowly. Donaudampfschifffahrtsgesellschaftskapitän drinks it'),
			frame,
			fonts,
		);
		const shown = groups.map(({ lines }) =>
			lines
				.flat()
				.map(({ text }) => text)
				.join(' '),
		);
		expect(shown).toEqual([
			'Brews a rich',
			'cup slowly.',
			'Donaudampfschifffahrtsgesellschaftskapitän drinks it',
		]);
		for (const { lines, size, fits } of groups) {
			expect(fits).toBe(true);
			for (const line of lines) {
				const width = fonts.width('text', line.map(({ text }) => text).join(' '), size);
				expect(width).toBeLessThanOrEqual(frame.safe.right - frame.safe.left);
			}
		}
	});

	it('lights each word for exactly the time it is spoken', () => {
		const groups = groupCaptions(say('Any degree held'), frame, fonts);
		const look = { style: 'bold' as const, position: 'bottom' as const };
		const events = captionEvents(groups, frame, paletteFor('x'), look);
		expect(events.map(({ start, end }) => [start, end])).toEqual([
			[0, 0.4],
			[0.4, 0.8],
			[0.8, expect.closeTo(1.26)],
		]);
		expect(events[1]?.text).toMatch(/Any \{\\1c&H[0-9A-F]{6}&\}degree\{\\1c&HFFFFFF&\}/);
	});

	it('draws hostile text as text', async () => {
		const hidden = '{\\alpha&HFF&\\fs1}attack';
		expect(await painted(hidden)).toBeUndefined(); // the tag would work ...
		const shown = await painted(assText(hidden));
		expect(shown?.width).toBeGreaterThan(400); // ... but arrives as letters
		const lines = await painted(assText('a\\Nb\\nc\\hd'));
		expect(lines?.height).toBeLessThan(70); // one line
		expect(assText('x\r\nDialogue: 0,0:00:00.00')).not.toMatch(/[\r\n]/);
	});

	it('measures type as libass draws it', async () => {
		const width = fonts.width('text', 'Holds any degree', 60);
		expect((await painted('Holds any degree'))?.width).toBeGreaterThan(width - 12);
		expect((await painted('Holds any degree'))?.width).toBeLessThan(width + 4);
	});

	it('sets type in alike lines, smaller when it must', () => {
		const room = { width: 920, largest: 148, smallest: 60, lines: 3 };
		expect(setType(fonts, 'display', 'Arc Kettle', room)).toMatchObject({ size: 148, fits: true });
		const long = setType(fonts, 'display', 'The kettle that holds any degree for an hour', room);
		expect(long.fits).toBe(true);
		expect(long.lines).toHaveLength(3);
	});

	it('writes SubRip with running times', () => {
		const groups = groupCaptions(say('Only one <b>'), frame, fonts).map((group) => ({
			...group,
			start: group.start + 3661.5,
			end: group.end + 3661.5,
		}));
		expect(toSrt(groups)).toBe('1\n01:01:01,500 --> 01:01:02,760\nOnly one ‹b>\n');
	});
});
