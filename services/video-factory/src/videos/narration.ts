import type { Beat, Script } from '../adapters/script-writer.ts';
import { countWords } from '../adapters/script-writer.ts';
import { splitSentences } from '../adapters/script-offline.ts';
import { spokenTokens } from '../adapters/spoken-text.ts';
import type { Speech, Voice } from '../adapters/voice.ts';
import { CROSSFADE, FPS } from './frame.ts';

/** Frames before the voice begins and after it ends, per scene. */
export const LEAD_FIRST = 10;
export const TAIL = 14;
export const TAIL_LAST = 36;

export interface Narration {
	speeches: Speech[];
	/** Length of each scene in frames, crossfades included. */
	frames: number[];
	/** Words per minute that were used. */
	rate: number;
}

/** The caller's own text as a script: a scene for every sentence or two short ones. */
export function givenScript(text: string, title: string): Script {
	const beats: Beat[] = [];
	for (const sentence of splitSentences(text)) {
		const last = beats.at(-1);
		if (last && countWords(last.say) + countWords(sentence) <= 9) last.say += ` ${sentence}`;
		else beats.push({ kind: beats.length === 0 ? 'hook' : 'story', say: sentence.slice(0, 400) });
	}
	const [first] = beats;
	if (first) first.headline = title;
	return { title, beats: beats.slice(0, 12), writer: 'given' };
}

export function leadOf(index: number): number {
	// The voice begins when the crossfade is over: a changed word then leaves the crossfade alone.
	return index === 0 ? LEAD_FIRST : CROSSFADE;
}

/**
 * Speaks all beats; with a target, once more at the rate that meets it (within 12 % slower and
 * 18 % faster, beyond that it sounds wrong), and shares out what is left as rests.
 */
export async function narrate(
	beats: readonly Beat[],
	speak: (rate: number) => Promise<Speech[]>,
	options: { rate: number; targetSeconds: number | undefined },
): Promise<Narration> {
	let { rate } = options;
	let speeches = await speak(rate);
	let frames = lengths(speeches);
	const target =
		options.targetSeconds === undefined ? undefined : Math.round(options.targetSeconds * FPS);
	if (target !== undefined && Math.abs(total(frames) - target) > FPS * 0.3) {
		const spoken = speeches.reduce((sum, speech) => sum + speechFrames(speech), 0);
		const wanted = spoken + target - total(frames);
		const factor = Math.min(1.18, Math.max(0.88, spoken / Math.max(1, wanted)));
		rate = Math.round(rate * factor);
		speeches = await speak(rate);
		frames = lengths(speeches);
	}
	if (target !== undefined) {
		// A rest of more than a second between two sentences feels like a fault.
		const rest = Math.min(FPS, Math.floor((target - total(frames)) / frames.length));
		if (rest > 0) frames = frames.map((count) => count + rest);
		const left = target - total(frames);
		const last = frames.at(-1);
		if (last !== undefined && left > 0) frames[frames.length - 1] = last + Math.min(left, FPS);
	}
	return { speeches, frames, rate };
}

function total(frames: readonly number[]): number {
	return frames.reduce((sum, count) => sum + count, 0) - (frames.length - 1) * CROSSFADE;
}

function lengths(speeches: readonly Speech[]): number[] {
	return speeches.map((speech, index) => {
		const tail = index === speeches.length - 1 ? TAIL_LAST : TAIL;
		return Math.max(3 * CROSSFADE, leadOf(index) + speechFrames(speech) + tail);
	});
}

/** Up to the last word: the silence the engine adds is not counted. */
function speechFrames(speech: Speech): number {
	return Math.ceil(((speech.words.at(-1)?.endMs ?? 0) / 1000) * FPS);
}

/** For videos without a voice: words at reading speed, so that captions still have times. */
export function silentVoice(language: string): Pick<Voice, 'speak'> {
	return {
		speak: ({ sentences, rate }) =>
			Promise.resolve(
				sentences.map((sentence): Speech => {
					let at = 0;
					const words = spokenTokens(sentence, language).map(({ text }) => {
						const length = (60_000 / rate) * (0.5 + Math.min(1.5, text.length / 10));
						const word = { text, startMs: at, endMs: at + length };
						at += length;
						return word;
					});
					return { samples: new Int16Array(0), sampleRate: 22_050, words, timing: 'estimated' };
				}),
			),
	};
}
