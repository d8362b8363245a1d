import type { Cut, Fonts } from '../adapters/fonts.ts';
import {
	anchorX,
	assAlpha,
	assColour,
	assText,
	roundedBox,
	setType,
	type AssEvent,
} from './ass.ts';
import type { Frame } from './frame.ts';
import type { Palette } from './palette.ts';

/** Large type of a scene. All strings are plain text. */
export type Card =
	| { kind: 'title'; headline: string; label?: string | undefined }
	| { kind: 'fact'; headline: string; number: number }
	| { kind: 'price'; label: string; price: string }
	| { kind: 'action'; headline: string; button: string };

interface Desk {
	frame: Frame;
	fonts: Fonts;
	palette: Palette;
	/** The picture stands in the frame box: keep clear of it. */
	framed: boolean;
}

/** Draws a card as ASS events; `fits` is false when a text is too long even at the smallest size. */
export function drawCard(card: Card, desk: Desk): { events: AssEvent[]; fits: boolean } {
	switch (card.kind) {
		case 'title':
			return drawTitle(card, desk);
		case 'fact':
			return drawFact(card, desk);
		case 'price':
			return drawPrice(card, desk);
		case 'action':
			return drawAction(card, desk);
	}
}

/** Type stays to the end of its scene; its length in here would change the crossfade before it. */
const FOREVER = 3600;
const AN = { left: 7, center: 8 };

function typeWidth({ frame, framed }: Desk): number {
	if (frame.align === 'left') return framed ? frame.frameBox.x - frame.safe.left - 60 : 1100;
	return frame.safe.right - frame.safe.left;
}

/** Lines that rise into place one after the other. */
function risingLines(
	desk: Desk,
	cut: Cut,
	set: { size: number; lines: string[] },
	top: number,
	look: { colour?: string; delay?: number } = {},
): { events: AssEvent[]; bottom: number } {
	const x = anchorX(desk.frame);
	const leading = Math.round(set.size * 0.98);
	const events = set.lines.map((line, index): AssEvent => {
		const y = top + index * leading;
		const wait = Math.round(((look.delay ?? 0) + index * 0.09) * 1000);
		const tags = [
			`\\an${AN[desk.frame.align]}\\fs${set.size}`,
			`\\move(${x},${y + 46},${x},${y},${wait},${wait + 380})`,
			// A soft dark rim keeps white type readable on a bright picture.
			`\\1c${assColour(look.colour ?? '#ffffff')}\\bord5\\3c${assColour(desk.palette.dark)}\\blur6\\shad0`,
			`\\1a&HFF&\\3a&HFF&\\t(${wait},${wait + 300},\\1a&H00&\\3a${assAlpha(0.35)})`,
		].join('');
		return { start: 0, end: FOREVER, layer: 3, style: cut, text: `{${tags}}${assText(line)}` };
	});
	return { events, bottom: top + set.lines.length * leading };
}

function shape(
	desk: Desk,
	box: { x: number; y: number; width: number; height: number; radius: number },
	colour: string,
	look: { opacity?: number; delay?: number; layer?: number; grow?: 'width' | 'both' } = {},
): AssEvent {
	const wait = Math.round((look.delay ?? 0) * 1000);
	const opacity = assAlpha(look.opacity ?? 1);
	const grow =
		look.grow === 'width'
			? `\\fscx0\\t(${wait},${wait + 420},0.6,\\fscx100)`
			: look.grow === 'both'
				? `\\fscx86\\fscy86\\t(${wait},${wait + 260},0.5,\\fscx100\\fscy100)`
				: '';
	const anchor = look.grow === 'both' ? 5 : 7;
	const x = anchor === 5 ? box.x + box.width / 2 : box.x;
	const y = anchor === 5 ? box.y + box.height / 2 : box.y;
	const tags = [
		`\\an${anchor}\\pos(${Math.round(x)},${Math.round(y)})\\bord0\\shad0\\1c${assColour(colour)}`,
		`\\1a&HFF&\\t(${wait},${wait + 200},\\1a${opacity})${grow}\\p1`,
	].join('');
	return {
		start: 0,
		end: FOREVER,
		layer: look.layer ?? 2,
		style: 'text',
		text: `{${tags}}${roundedBox(box.width, box.height, box.radius)}`,
	};
}

function pointText(
	desk: Desk,
	cut: Cut,
	text: string,
	at: {
		x: number;
		y: number;
		size: number;
		colour: string;
		delay?: number;
		an?: number;
		grow?: boolean;
	},
): AssEvent {
	const wait = Math.round((at.delay ?? 0) * 1000);
	const grow = at.grow ? `\\fscx86\\fscy86\\t(${wait},${wait + 260},0.5,\\fscx100\\fscy100)` : '';
	const tags = [
		`\\an${at.an ?? 5}\\pos(${Math.round(at.x)},${Math.round(at.y)})\\fs${at.size}`,
		`\\bord0\\shad0\\1c${assColour(at.colour)}\\alpha&HFF&\\t(${wait},${wait + 220},\\alpha&H00&)${grow}`,
	].join('');
	return { start: 0, end: FOREVER, layer: 4, style: cut, text: `{${tags}}${assText(text)}` };
}

function drawTitle(card: Extract<Card, { kind: 'title' }>, desk: Desk) {
	const { frame, fonts, palette } = desk;
	const events: AssEvent[] = [];
	let y = frame.safe.top;
	if (card.label) {
		const size = 38;
		const text = card.label.toUpperCase();
		const label = setType(fonts, 'label', text, {
			width: 620,
			largest: size,
			smallest: 26,
			lines: 1,
		});
		const width = fonts.width('label', text, label.size) + 64;
		const x = frame.align === 'center' ? anchorX(frame) - width / 2 : frame.safe.left;
		const box = { x, y, width, height: 72, radius: 36 };
		events.push(shape(desk, box, palette.accent, { grow: 'both' }));
		const middle = { x: x + width / 2, y: y + 36, size: label.size, colour: palette.onAccent };
		events.push(pointText(desk, 'label', text, { ...middle, grow: true }));
		y += 104;
	}
	const room = { width: typeWidth(desk), largest: 148, smallest: 60, lines: 3 };
	const set = setType(fonts, 'display', card.headline, room);
	const lines = risingLines(desk, 'display', set, y, { delay: 0.1 });
	events.push(...lines.events);
	const bar = { width: 150, height: 14, radius: 7, y: lines.bottom + 34 };
	const x = frame.align === 'center' ? anchorX(frame) - bar.width / 2 : frame.safe.left;
	events.push(shape(desk, { ...bar, x }, palette.accent, { delay: 0.45, grow: 'width' }));
	return { events, fits: set.fits };
}

function drawFact(card: Extract<Card, { kind: 'fact' }>, desk: Desk) {
	const { frame, fonts, palette } = desk;
	const size = 96;
	const top = frame.safe.top;
	const x = frame.align === 'center' ? anchorX(frame) - size / 2 : frame.safe.left;
	const room = { width: typeWidth(desk), largest: 100, smallest: 52, lines: 3 };
	const set = setType(fonts, 'heading', card.headline, room);
	const dot = { x, y: top, width: size, height: size, radius: size / 2 };
	const centre = { x: x + size / 2, y: top + size / 2 + 1, size: 58, colour: palette.onAccent };
	const events = [
		shape(desk, dot, palette.accent, { grow: 'both' }),
		pointText(desk, 'heading', String(card.number), { ...centre, grow: true }),
		...risingLines(desk, 'heading', set, top + size + 30, { delay: 0.12 }).events,
	];
	return { events, fits: set.fits };
}

function drawPrice(card: Extract<Card, { kind: 'price' }>, desk: Desk) {
	const { frame, fonts, palette } = desk;
	const room = { width: 800, largest: frame.price.size, smallest: 90, lines: 1 };
	const set = setType(fonts, 'display', card.price, room);
	const width = Math.max(fonts.width('display', card.price, set.size), 420) + 150;
	const height = set.size + 130;
	const x = frame.align === 'center' ? anchorX(frame) - width / 2 : frame.safe.left;
	// Without a picture above it the card moves to the middle.
	const y =
		desk.framed || frame.align === 'left' ? frame.price.y : (frame.height - height) / 2 - 60;
	const middle = x + width / 2;
	const events = [
		shape(desk, { x, y, width, height, radius: 56 }, palette.accent, { grow: 'both', delay: 0.15 }),
		pointText(desk, 'label', card.label, {
			x: middle,
			y: y + 68,
			size: 50,
			colour: palette.onAccent,
			delay: 0.25,
		}),
		pointText(desk, 'display', card.price, {
			x: middle,
			y: y + 84 + set.size / 2,
			size: set.size,
			colour: palette.onAccent,
			delay: 0.25,
			grow: true,
		}),
	];
	return { events, fits: set.fits };
}

function drawAction(card: Extract<Card, { kind: 'action' }>, desk: Desk) {
	const { frame, fonts, palette } = desk;
	const room = {
		width: typeWidth({ ...desk, framed: false }),
		largest: 150,
		smallest: 60,
		lines: 3,
	};
	const set = setType(fonts, 'display', card.headline, room);
	const top = frame.aspect === '9:16' ? 640 : frame.aspect === '1:1' ? 250 : frame.safe.top + 130;
	const lines = risingLines(desk, 'display', set, top);
	const label = setType(fonts, 'label', card.button, {
		width: typeWidth(desk) - 140,
		largest: 58,
		smallest: 32,
		lines: 1,
	});
	const width = fonts.width('label', card.button, label.size) + 130;
	const x = frame.align === 'center' ? anchorX(frame) - width / 2 : frame.safe.left;
	const y = lines.bottom + 60;
	const events = [
		...lines.events,
		shape(desk, { x, y, width, height: 130, radius: 65 }, palette.accent, {
			delay: 0.35,
			grow: 'both',
		}),
		pointText(desk, 'label', card.button, {
			x: x + width / 2,
			y: y + 65,
			size: label.size,
			colour: palette.onAccent,
			delay: 0.4,
			grow: true,
		}),
	];
	return { events, fits: set.fits && label.fits };
}
