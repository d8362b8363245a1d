import type { Fonts } from '../adapters/fonts.ts';
import { assDocument, type AssEvent } from './ass.ts';
import { backgroundChain, windowAt, type Background, type MovingStill } from './backgrounds.ts';
import { watchForBlack } from './black.ts';
import { keyOf } from './cache.ts';
import { CROSSFADE, FPS, type Frame } from './frame.ts';
import type { Still } from './stills.ts';

/** A scene as it is drawn: `frames` counts the crossfades at both ends. */
export interface DrawnScene {
	frames: number;
	background: Background;
	events: AssEvent[];
}

/** A piece of the picture that is rendered on its own and joined without encoding again. */
export interface Segment {
	name: string;
	/** sha256 of all that decides its frames. */
	key: string;
	frames: number;
	/** Stills in motion: input 0 when there are any, as one tall raw picture. */
	moving: MovingStill[];
	/** Inputs of their own, after it. */
	stills: Still[];
	graph: string;
	/** ASS files the graph names. */
	documents: { name: string; text: string }[];
}

/**
 * x264 veryfast gives the smallest file at equal quality for the time; one thread, many segments.
 * Of its time a third goes into refining motion vectors. Without that, and with half a step of crf
 * against what it costs, SSIM is the same or higher and the file 15 % larger.
 */
export const encoderArgs = [
	...['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20.5', '-profile:v', 'high'],
	...[
		'-pix_fmt',
		'yuv420p',
		'-threads',
		'1',
		'-g',
		'250',
		'-x264-params',
		'open-gop=0:me=dia:subme=1',
	],
	...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
	...['-color_range', 'tv', '-video_track_timescale', '15360', '-map_metadata', '-1'],
	...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-f', 'mp4'],
];

const transitions = ['fade', 'smoothleft', 'fade', 'smoothup'] as const;

/** What the frames depend on besides the scenes. */
export interface Recipe {
	frame: Frame;
	fonts: Fonts;
	/** Version of ffmpeg and of the fonts. */
	engine: string;
	/** Of the program that draws stills in motion. */
	resampler: string;
}

/**
 * Cuts scenes into bodies and crossfades, in order. A caption belongs to the segments it is seen
 * in, so that a changed one leaves the keys of all others as they were.
 */
export function planSegments(scenes: readonly DrawnScene[], recipe: Recipe): Segment[] {
	return scenes.flatMap((scene, index) => {
		const previous = scenes[index - 1];
		const from = previous ? CROSSFADE : 0;
		const to = scenes[index + 1] ? scene.frames - CROSSFADE : scene.frames;
		const body = planSegment(`scene-${index + 1}`, to - from, [{ scene, from }], recipe, (a) => a);
		return previous ? [crossfade(index - 1, previous, scene, recipe), body] : [body];
	});
}

function crossfade(index: number, before: DrawnScene, after: DrawnScene, recipe: Recipe): Segment {
	const kind = transitions[index % transitions.length] ?? 'fade';
	const cuts = [
		{ scene: before, from: before.frames - CROSSFADE },
		{ scene: after, from: 0 },
	];
	return planSegment(
		`crossfade-${index + 1}`,
		CROSSFADE,
		cuts,
		recipe,
		(both) => `${both}xfade=transition=${kind}:duration=${CROSSFADE / FPS}:offset=0,`,
	);
}

/** A scene, or two of them, from a frame of their own on. */
interface Cut {
	scene: DrawnScene;
	from: number;
}

function planSegment(
	name: string,
	frames: number,
	cuts: readonly Cut[],
	recipe: Recipe,
	joined: (labels: string) => string,
): Segment {
	const moving: MovingStill[] = [];
	const stills: Still[] = [];
	const documents: Segment['documents'] = [];
	const chains: string[] = [];
	const slots = cuts.filter(({ scene }) => scene.background.kind === 'still').length;
	for (const [index, { scene, from }] of cuts.entries()) {
		const { background } = scene;
		const label = 'ab'.charAt(index);
		const place = { slot: moving.length, slots, firstInput: stills.length + Math.min(slots, 1) };
		const cut = { from, frames, ...place, output: `${label}bg` };
		chains.push(backgroundChain(background, recipe.frame, cut));
		if (background.kind === 'drift') stills.push(...background.stills);
		else {
			const { still, motion } = background;
			const windows = Array.from({ length: frames }, (_, at) => windowAt(motion, still, from + at));
			moving.push({ still, windows });
		}
		const start = from / FPS;
		const end = (from + frames) / FPS;
		const events = scene.events.filter((event) => event.end > start && event.start < end);
		const document = `type-${label}.ass`;
		if (events.length > 0) {
			documents.push({ name: document, text: assDocument(recipe.frame, recipe.fonts, events) });
		}
		// The clock is moved to the scene's own time for libass and back again.
		const type = events.length > 0 ? `setpts=N+${from},ass=${document},setpts=N` : 'setpts=N';
		chains.push(`[${label}bg]${type}[${label}]`);
	}
	const labels = cuts.map((_, index) => `[${'ab'.charAt(index)}]`).join('');
	// xfade works in 4:4:4; phones play only 4:2:0.
	const graph = [...chains, `${joined(labels)}format=yuv420p,${watchForBlack}[o]`].join(';');
	const key = keyOf({
		...{ engine: recipe.engine, graph, encoderArgs, frames },
		moving: moving.map(({ still, windows }) => [still.hash, windows]),
		resampler: moving.length > 0 ? recipe.resampler : '',
		stills: stills.map(({ hash }) => hash),
		documents: documents.map(({ text }) => text),
	});
	return { name, key, frames, moving, stills, graph, documents };
}
