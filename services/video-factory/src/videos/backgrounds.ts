import type { Frame } from './frame.ts';
import { FPS } from './frame.ts';
import type { Still } from './stills.ts';

/** What moves behind the type. Every frame can be drawn by its number alone: scenes are cut freely. */
export type Background =
	| { kind: 'still'; still: Still; motion: { zoom: 'in' | 'out'; dx: number; dy: number } }
	| { kind: 'drift'; stills: readonly Still[]; phase: number };

/** Motion differs from scene to scene and is the same each time. */
export function motionFor(index: number): Extract<Background, { kind: 'still' }>['motion'] {
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

export function backgroundInputs(background: Background): readonly Still[] {
	return background.kind === 'still' ? [background.still] : background.stills;
}

/**
 * Filter chain that draws `frames` frames of a background beginning at frame `from` of its scene.
 * Perspective instead of zoompan: 0.02 px/f² of jerk against 0.24 (zoompan on 2x), for 0.02 CPU s
 * a frame more.
 */
export function backgroundChain(
	background: Background,
	frame: Frame,
	cut: { from: number; frames: number; firstInput: number; output: string },
): string {
	const { from, frames, firstInput, output } = cut;
	// Colours are converted once, before the loop repeats the frame.
	const source = (input: number) =>
		`[${input}:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,loop=loop=${frames - 1}:size=1:start=0,settb=1/${FPS},setpts=N,setsar=1`;
	if (background.kind === 'still') {
		const { zoom, dx, dy } = background.motion;
		const moved = `${ZOOM_STEP}*(in+${from})`;
		const factor =
			zoom === 'in' ? `min(1.015+${moved},${1.015 + ZOOM_MAX})` : `max(1.125-${moved},1.015)`;
		const half = (size: string) => `${size}/2/(${factor})`;
		const centre = (size: string, drift: number) =>
			`${size}/2+${drift}*${size}/2*(1-1/(${factor}))`;
		const x = (sign: string) => `${centre('W', dx)}${sign}${half('W')}`;
		const y = (sign: string) => `${centre('H', dy)}${sign}${half('H')}`;
		const corners = [
			`x0='${x('-')}':y0='${y('-')}'`,
			`x1='${x('+')}':y1='${y('-')}'`,
			`x2='${x('-')}':y2='${y('+')}'`,
			`x3='${x('+')}':y3='${y('+')}'`,
		].join(':');
		return `${source(firstInput)},perspective=${corners}:interpolation=linear:eval=frame[${output}]`;
	}
	// Whole pixels, which nobody sees in something so soft: a tenth of what perspective costs.
	const { width, height } = frame;
	const wander = (length: string, speed: number, phase: number) =>
		`${length}*(0.5+0.5*sin((n+${from})/${speed}+${phase}))`;
	const drifting = background.stills.map((_, index) => {
		const phase = background.phase + index * 2;
		const x = wander('(iw-ow)', 62 + index * 12, phase);
		const y = wander('(ih-oh)', 81 - index * 26, phase + 1);
		return `${source(firstInput + index)},crop=${width}:${height}:'${x}':'${y}'[${output}${index}]`;
	});
	const layers = background.stills.map((_, index) => `[${output}${index}]`).join('');
	const joined = background.stills.length === 2 ? 'blend=all_mode=normal:all_opacity=0.5' : 'null';
	return [...drifting, `${layers}${joined}[${output}]`].join(';');
}
