import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { FPS, type Frame } from './frame.ts';
import { createResampler, type Size, type Window } from './resample.ts';
import type { Still } from './stills.ts';

/** What moves behind the type. Every frame can be drawn by its number alone: scenes are cut freely. */
export type Background =
	| { kind: 'still'; still: Still; motion: Motion }
	| { kind: 'drift'; stills: readonly Still[]; phase: number };

export interface Motion {
	zoom: 'in' | 'out';
	/** Where the window goes while it shrinks: -1 left or top, 1 right or bottom. */
	dx: number;
	dy: number;
}

/** A still and the part of it that each frame shows. */
export interface MovingStill {
	still: Still;
	windows: Window[];
}

/** Motion differs from scene to scene and is the same each time. */
export function motionFor(index: number): Motion {
	const directions = [
		[0, 0.3],
		[0.5, -0.2],
		[-0.5, 0.2],
		[0.2, -0.5],
		[-0.3, -0.3],
	] as const;
	const [dx, dy] = directions[index % directions.length] ?? [0, 0];
	return { zoom: index % 2 === 0 ? 'in' : 'out', dx, dy };
}

/** Zoom per frame: 9 % in five seconds. Not per scene, so that a longer scene keeps its start. */
const ZOOM_STEP = 0.0006;
const ZOOM_MAX = 0.2;

/** The part of a still that frame `number` of its scene shows. */
export function windowAt(motion: Motion, size: Size, number: number): Window {
	const moved = ZOOM_STEP * number;
	const factor =
		motion.zoom === 'in'
			? Math.min(1.015 + moved, 1.015 + ZOOM_MAX)
			: Math.max(1.125 - moved, 1.015);
	const along = (length: number, drift: number) =>
		(length / 2) * (1 + drift * (1 - 1 / factor)) - length / 2 / factor;
	return {
		x: along(size.width, motion.dx),
		y: along(size.height, motion.dy),
		width: size.width / factor,
		height: size.height / factor,
	};
}

/**
 * Raw frames of stills in motion, one above the other when there are two. Drawn between pixels
 * like ffmpeg's perspective filter, which leaves 0.02 px/f² of jerk where zoompan leaves 0.24.
 */
export function drawMoving(moving: readonly MovingStill[], frame: Frame): Readable {
	async function* frames() {
		const pictures = await Promise.all(
			moving.map(async ({ still }) => ({ ...still, bytes: await readFile(still.file) })),
		);
		const resampler = await createResampler(pictures, frame);
		const count = Math.max(...moving.map(({ windows }) => windows.length));
		for (let number = 0; number < count; number++) {
			const windows = moving.flatMap((each) => each.windows[number] ?? []);
			yield resampler.draw(windows);
		}
	}
	// One frame ahead and no more: the resampler keeps three.
	return Readable.from(frames(), { objectMode: false, highWaterMark: 1 });
}

/**
 * Filter chain that gives `frames` frames of a background beginning at frame `from` of its scene.
 * A still in motion is taken from input 0, `slot` of `slots` from the top; stills that drift are
 * inputs of their own, from `firstInput` on.
 */
export function backgroundChain(
	background: Background,
	frame: Frame,
	cut: {
		from: number;
		frames: number;
		slot: number;
		slots: number;
		firstInput: number;
		output: string;
	},
): string {
	const { from, frames, slot, slots, firstInput, output } = cut;
	const { width, height } = frame;
	const clock = `settb=1/${FPS},setpts=N,setsar=1`;
	if (background.kind === 'still') {
		const part = slots > 1 ? `crop=${width}:${height}:0:${slot * height},` : '';
		return `[0:v]${part}${clock}[${output}]`;
	}
	// Whole pixels, which nobody sees in something so soft, cost nothing.
	const wander = (length: string, speed: number, phase: number) =>
		`${length}*(0.5+0.5*sin((n+${from})/${speed}+${phase}))`;
	const drifting = background.stills.map((_, index) => {
		const phase = background.phase + index * 2;
		const x = wander('(iw-ow)', 62 + index * 12, phase);
		const y = wander('(ih-oh)', 81 - index * 26, phase + 1);
		return `[${firstInput + index}:v]loop=loop=${frames - 1}:size=1:start=0,${clock},crop=${width}:${height}:'${x}':'${y}'[${output}${index}]`;
	});
	const layers = background.stills.map((_, index) => `[${output}${index}]`).join('');
	const joined = background.stills.length === 2 ? 'blend=all_mode=normal:all_opacity=0.5' : 'null';
	return [...drifting, `${layers}${joined}[${output}]`].join(';');
}
