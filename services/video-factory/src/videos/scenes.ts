import type { Fonts } from '../adapters/fonts.ts';
import { formatPrice, type Beat, type ProductFacts } from '../adapters/script-writer.ts';
import { motionFor, type Background } from './backgrounds.ts';
import {
	captionEvents,
	groupCaptions,
	timedWords,
	type CaptionGroup,
	type captionPositions,
	type CaptionStyle,
} from './captions.ts';
import { drawCard, type Card } from './cards.ts';
import { FPS, type Frame } from './frame.ts';
import { leadOf, type Narration } from './narration.ts';
import type { Palette } from './palette.ts';
import { inPool } from './pool.ts';
import type { DrawnScene } from './segments.ts';
import { layoutFor, makeColourField, makeStill, type Picture, type StillMaker } from './stills.ts';

export interface Scene extends DrawnScene {
	captions: CaptionGroup[];
	/** All type stands inside the safe area. */
	fits: boolean;
}

export interface SceneDesk {
	frame: Frame;
	fonts: Fonts;
	palette: Palette;
	pictures: Picture[];
	product: ProductFacts | undefined;
	language: string;
	captions: { style: CaptionStyle; position: (typeof captionPositions)[number] } | null;
	stills: StillMaker;
	/** Stills composed at once. */
	concurrency: number;
	onProgress?: (fraction: number) => void;
}

/** Turns beats and their speech into scenes: background, card, captions. */
export async function setScenes(
	beats: readonly Beat[],
	narration: Narration,
	desk: SceneDesk,
): Promise<Scene[]> {
	const grounds = await backgroundsOf(beats, desk);
	const scenes: Scene[] = [];
	let fact = 0;
	for (const [index, beat] of beats.entries()) {
		const ground = grounds[index];
		if (!ground) continue;
		const { background, framed } = ground;
		const frames = narration.frames[index] ?? 0;
		const words = timedWords(narration.speeches[index]?.words ?? [], leadOf(index) / FPS);
		if (beat.kind === 'fact') fact++;
		const card = cardOf(beat, fact, desk);
		const drawn = card ? drawCard(card, { ...desk, framed }) : { events: [], fits: true };
		const captions = groupCaptions(words, desk.frame, desk.fonts);
		const burned = desk.captions
			? captionEvents(captions, desk.frame, desk.palette, desk.captions)
			: [];
		scenes.push({
			frames,
			background,
			events: [...drawn.events, ...burned],
			captions,
			fits: drawn.fits && captions.every(({ fits }) => fits),
		});
	}
	return scenes;
}

interface Ground {
	background: Background;
	/** The picture stands in a frame. */
	framed: boolean;
}

/** Composed side by side. */
async function backgroundsOf(beats: readonly Beat[], desk: SceneDesk): Promise<Ground[]> {
	let used = 0;
	let made = 0;
	const wanted = beats.map(({ kind }, index) => {
		// Price and call belong to the product as such: they show its first picture.
		const general = kind === 'price' || kind === 'action';
		const picture = desk.pictures[general ? 0 : used % desk.pictures.length];
		if (!general) used++;
		return { index, kind, picture };
	});
	const pool = { limit: desk.concurrency, signal: desk.stills.signal };
	return inPool(wanted, pool, async ({ index, kind, picture }, signal) => {
		const stills = { ...desk.stills, signal };
		const ground = await backgroundOf(index, picture, kind, { ...desk, stills });
		desk.onProgress?.(++made / beats.length);
		return ground;
	});
}

async function backgroundOf(
	index: number,
	picture: Picture | undefined,
	kind: Beat['kind'],
	desk: SceneDesk,
): Promise<Ground> {
	const { frame, palette, stills } = desk;
	if (!picture) {
		// Four fields for all scenes: each pair drifts from another phase, and looks another.
		const pair = (index % 2) * 2;
		const first = await makeColourField(pair + 1, frame, palette, stills);
		const second = await makeColourField(pair + 2, frame, palette, stills);
		return { background: { kind: 'drift', stills: [first, second], phase: index }, framed: false };
	}
	const layout = kind === 'price' ? 'spot' : kind === 'action' ? 'blur' : layoutFor(picture, frame);
	const still = await makeStill(picture, layout, frame, palette, stills);
	if (layout === 'blur') {
		return { background: { kind: 'drift', stills: [still], phase: index }, framed: false };
	}
	return {
		background: { kind: 'still', still, motion: motionFor(index) },
		framed: layout === 'framed' || layout === 'spot',
	};
}

function cardOf(beat: Beat, fact: number, desk: SceneDesk): Card | undefined {
	const { product } = desk;
	if (beat.kind === 'price' && product?.price) {
		const price = formatPrice(product.price, desk.language);
		return { kind: 'price', label: beat.headline ?? product.title, price };
	}
	if (beat.headline === undefined || beat.headline === '') return undefined;
	if (beat.kind === 'hook')
		return { kind: 'title', headline: beat.headline, label: product?.brand };
	if (beat.kind === 'fact') return { kind: 'fact', headline: beat.headline, number: fact };
	if (beat.kind === 'action') {
		return { kind: 'action', headline: product?.title ?? beat.headline, button: beat.headline };
	}
	return { kind: 'title', headline: beat.headline };
}
