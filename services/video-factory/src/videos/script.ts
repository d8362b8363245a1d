import type { Fonts } from '../adapters/fonts.ts';
import type { Script } from '../adapters/script-writer.ts';
import { givenScript } from './narration.ts';
import type { Order, Run, Studio } from './produce.ts';

/** The words of a video: an earlier attempt's, the caller's own, or new ones of the writer. */
export async function scriptFor(order: Order, studio: Studio, run: Run): Promise<Script> {
	if (run.script) return run.script;
	const title = order.product?.title ?? order.topic ?? '';
	const script =
		order.script === undefined
			? await studio.writer.write({
					product: order.product,
					topic: order.topic,
					language: order.language,
					seconds: order.durationSeconds ?? 28,
					signal: run.signal,
				})
			: givenScript(order.script, title);
	await run.onScript?.(script);
	return script;
}

/** Text reduced to what can be drawn; a beat of nothing but such characters is left out. */
export async function drawableScript(
	script: Script,
	fonts: Fonts,
): Promise<{ script: Script; dropped: string[] }> {
	const dropped = new Set<string>();
	const clean = async (text: string) => {
		const result = await fonts.drawable(text);
		for (const character of result.dropped) if (character.trim() !== '') dropped.add(character);
		return result.text;
	};
	const beats = [];
	for (const beat of script.beats) {
		const say = await clean(beat.say);
		const headline = beat.headline === undefined ? undefined : await clean(beat.headline);
		if (say !== '') beats.push({ ...beat, say, headline });
	}
	return { script: { ...script, beats }, dropped: [...dropped] };
}
