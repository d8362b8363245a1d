import { FPS } from './frame.ts';

/** Seconds from the start of a segment, or of the video. */
export interface Stretch {
	start: number;
	end: number;
}

/** Reports every black frame while it is drawn: to decode the finished video takes 20 times as long. */
export const watchForBlack = 'blackdetect=d=0:pix_th=0.06';

/** Shorter ones are not seen as a fault. */
const NOTICED = 0.2;

/** The black stretches that `watchForBlack` reported for a segment of so many frames. */
export function readBlack(log: string, frames: number): Stretch[] {
	return [...log.matchAll(/black_start:([\d.]+) black_end:([\d.]+)/g)].map((match) => {
		const end = Number(match[2]);
		// The filter ends a stretch that lasts to the end at the time of the last frame.
		const last = end >= (frames - 1.5) / FPS;
		return { start: Number(match[1]), end: last ? frames / FPS : end };
	});
}

/** The noticeable black stretches of a video made of these segments. */
export function blackOf(
	segments: readonly { frames: number; black: readonly Stretch[] }[],
): Stretch[] {
	const found: Stretch[] = [];
	let at = 0;
	for (const { frames, black } of segments) {
		const offset = at / FPS;
		for (const { start, end } of black) {
			const last = found.at(-1);
			// One that goes on over a seam is one.
			if (last && start + offset - last.end < 0.5 / FPS) last.end = end + offset;
			else found.push({ start: start + offset, end: end + offset });
		}
		at += frames;
	}
	return found.filter(({ start, end }) => end - start >= NOTICED);
}
