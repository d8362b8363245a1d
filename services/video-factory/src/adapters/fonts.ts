import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Font } from 'fontkit';

const execFileAsync = promisify(execFile);

/** The cuts the pictures use; fontconfig gives the nearest when Inter is not installed. */
export const cuts = {
	display: { family: 'Inter Display', weight: 'black', bold: 0 },
	heading: { family: 'Inter Display', weight: 'bold', bold: -1 },
	text: { family: 'Inter', weight: 'extrabold', bold: 0 },
	label: { family: 'Inter', weight: 'semibold', bold: 0 },
} as const;
export type Cut = keyof typeof cuts;

export interface Fonts {
	/** Family name for ASS. */
	family(cut: Cut): string;
	/** Width in pixels of one line at an ASS font size. */
	width(cut: Cut, text: string, size: number): number;
	/** Removes what no installed font can draw (it would show as a box). */
	drawable(text: string): Promise<{ text: string; dropped: string[] }>;
	/** Changes when a font file changes; part of every segment's key. */
	fingerprint: string;
}

/** Looks the fonts up by fontconfig and measures with their own tables. */
export async function loadFonts(): Promise<Fonts> {
	// 30 MB that only a process that draws shall pay for.
	const { open } = await import('fontkit');
	const loaded = new Map<Cut, { font: Font; family: string; scale: number }>();
	const hash = createHash('sha256');
	for (const [cut, { family, weight, bold }] of entries(cuts)) {
		const { file, families } = await match(`${family}:weight=${weight}`);
		const opened = await open(file);
		const font = 'fonts' in opened ? opened.fonts[0] : opened;
		if (!font) throw new Error(`No font in ${file}: install fonts-inter`);
		// libass scales a font so that ascent + descent (usWin or hhea) fill the size.
		const scale = 1 / (font.ascent - font.descent);
		// libass finds a weight other than regular and bold by its own family name, the last one.
		const name = (bold === 0 ? families.at(-1) : families[0]) ?? family;
		loaded.set(cut, { font, family: name, scale });
		const { size, mtimeMs } = await stat(file);
		hash.update(`${file}:${size}:${mtimeMs}`);
	}
	const get = (cut: Cut) => {
		const entry = loaded.get(cut);
		if (!entry) throw new Error(`Font cut ${cut} was not loaded`);
		return entry;
	};
	const elsewhere = new Map<number, boolean>();
	return {
		fingerprint: hash.digest('hex').slice(0, 16),
		family: (cut) => get(cut).family,
		width(cut, text, size) {
			const { font, scale } = get(cut);
			return font.layout(text).advanceWidth * scale * size;
		},
		async drawable(text) {
			const { font } = get('text');
			const dropped: string[] = [];
			let kept = '';
			for (const character of text.normalize('NFC')) {
				const point = character.codePointAt(0) ?? 0;
				if (/[\s\p{L}\p{N}\p{P}\p{S}\p{M}]/u.test(character) && !isJoiner(point)) {
					let covered = font.hasGlyphForCodePoint(point) || /\s/.test(character);
					if (!covered) {
						covered = elsewhere.get(point) ?? (await anyFontHas(point));
						elsewhere.set(point, covered);
					}
					if (covered) {
						kept += character;
						continue;
					}
				}
				dropped.push(character);
			}
			return { text: kept.replace(/ {2,}/g, ' ').trim(), dropped };
		},
	};
}

/** Variation selectors, zero-width joiners, skin tones: nothing by themselves. */
function isJoiner(point: number): boolean {
	return (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0x1f3fb && point <= 0x1f3ff);
}

async function match(pattern: string): Promise<{ file: string; families: string[] }> {
	const { stdout } = await execFileAsync('fc-match', ['-f', '%{file}\t%{family}', pattern], {
		timeout: 10_000,
	});
	const [file = '', families = ''] = stdout.split('\t');
	if (file === '') throw new Error('fontconfig found no font: install fonts-inter or fonts-dejavu');
	return { file, families: families.split(',') };
}

async function anyFontHas(point: number): Promise<boolean> {
	const { stdout } = await execFileAsync('fc-list', [`:charset=${point.toString(16)}`, 'family'], {
		timeout: 10_000,
	});
	return stdout.trim() !== '';
}

function entries<K extends string, V>(record: Record<K, V>): [K, V][] {
	return Object.entries(record) as [K, V][];
}
