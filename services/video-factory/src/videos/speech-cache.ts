import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Speech, Voice } from '../adapters/voice.ts';
import { keyOf, type Cache } from './cache.ts';

const storedSchema = z.object({
	sampleRate: z.number(),
	words: z.array(z.object({ text: z.string(), startMs: z.number(), endMs: z.number() })),
	pcm: z.string(),
});

/**
 * A voice that speaks each sentence once. espeak-ng carries state from one sentence into the next: the same words
 * last some milliseconds more or less after other words, and a changed sentence would move the captions of all that
 * follow. Estimated times are not kept: the library may be there the next time.
 */
export function cachedVoice(voice: Voice, cache: Cache): Voice {
	return {
		name: voice.name,
		voices: () => voice.voices(),
		async speak(request) {
			const { sentences, signal: _signal, ...manner } = request;
			const keys = sentences.map((sentence) => keyOf(['speech', voice.name, manner, sentence]));
			const known = await Promise.all(keys.map((key) => load(cache, key)));
			const missing = sentences.filter((_, index) => known[index] === undefined);
			const spoken =
				missing.length === 0 ? [] : await voice.speak({ ...request, sentences: missing });
			const fresh = spoken.values();
			return Promise.all(
				known.map(async (speech, index) => {
					if (speech !== undefined) return speech;
					const made = fresh.next().value;
					if (made === undefined) throw new Error(`${voice.name} spoke fewer sentences than asked`);
					if (made.timing === 'events') await save(cache, keys[index] ?? '', made);
					return made;
				}),
			);
		},
	};
}

async function load(cache: Cache, key: string): Promise<Speech | undefined> {
	const file = await cache.find(key, 'speech');
	if (file === undefined) return undefined;
	const { pcm, ...rest } = storedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	const bytes = new Uint8Array(Buffer.from(pcm, 'base64'));
	return { ...rest, timing: 'events', samples: new Int16Array(bytes.buffer) };
}

async function save(cache: Cache, key: string, speech: Speech): Promise<void> {
	const { samples, sampleRate, words } = speech;
	const pcm = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString(
		'base64',
	);
	await cache.store(key, 'speech', (part) =>
		writeFile(part, JSON.stringify({ sampleRate, words, pcm })),
	);
}
