import { Resvg } from '@resvg/resvg-js';
import { outlineTexts } from './outlines.ts';

const MAX_PIXELS = 40_000_000;
const MAX_SIDE = 16_000;

/**
 * @param svg    of drawSvg or of a diff
 * @param width  in pixels, 16 to 16,000; smaller where the picture would be over 40 million pixels
 */
export function svgToPng(svg: string, { width = 1200 }: { width?: number } = {}): Buffer {
	const size = /viewBox="\S+ \S+ (\S+) (\S+)"/.exec(svg);
	const ratio = Number(size?.[2] ?? 1) / Number(size?.[1] ?? 1);
	const wanted = Math.min(MAX_SIDE, Math.max(16, Math.round(width)));
	const fits = Math.max(
		1,
		Math.floor(Math.min(wanted, MAX_SIDE / ratio, Math.sqrt(MAX_PIXELS / ratio))),
	);
	const image = new Resvg(outlineTexts(withoutPictographs(withoutDots(svg))), {
		fitTo: { mode: 'width', value: Number.isFinite(fits) ? fits : 16 },
		// Texts are outlines; the fonts of the machine differ from those of the next.
		font: { loadSystemFonts: false },
		logLevel: 'off',
	}).render();
	return image.asPng();
}

/** At the size of a PNG the dots of the canvas are too faint to be seen, and cost half of the time. */
function withoutDots(svg: string): string {
	return svg.replace(/<rect[^<>]*fill="url\(#dots\)"\/>/, '');
}

/** Inter has no emoji: a title without one reads better than one with an empty box. */
function withoutPictographs(svg: string): string {
	return svg.replace(PICTOGRAPHS, (found) => (/^[©®™ ]+$/.test(found) ? found : ''));
}

// Pictographs, flags, skin tones, and what joins them.
const PICTOGRAPHS =
	/(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f|\u20e3)+ ?/gu;
