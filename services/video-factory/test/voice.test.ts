import { describe, expect, it } from '@jest/globals';
import { createEspeak } from '../src/adapters/espeak.ts';
import { spokenForm } from '../src/adapters/spoken-text.ts';

const request = { voice: 'en-us', language: 'en', rate: 165, pitch: 50 };

describe('espeak-ng', () => {
	it('times every word by the events of the engine', async () => {
		const [speech] = await createEspeak().speak({
			...request,
			sentences: ['Meet the kettle — now only €49.99, not $12! Then it rests.'],
		});
		expect(speech?.timing).toBe('events');
		expect(speech?.words.map(({ text }) => text)).toEqual([
			...[
				'Meet',
				'the',
				'kettle —',
				'now',
				'only',
				'€49.99,',
				'not',
				'$12!',
				'Then',
				'it',
				'rests.',
			],
		]);
		const words = speech?.words ?? [];
		for (const [index, word] of words.entries()) {
			expect(word.endMs).toBeGreaterThan(word.startMs);
			expect(word.startMs).toBe(words[index - 1]?.endMs ?? word.startMs);
		}
		// "forty-nine euros ninety-nine" takes longer than any other word.
		const longest = words.toSorted((a, b) => b.endMs - b.startMs - a.endMs + a.startMs)[0];
		expect(longest?.text).toBe('€49.99,');
		const heardMs = ((speech?.samples.length ?? 0) / (speech?.sampleRate ?? 1)) * 1000;
		expect(words.at(-1)?.endMs).toBeLessThanOrEqual(heardMs);
	});

	it('speaks with estimated times, and says so, when the library cannot be loaded', async () => {
		const reasons: string[] = [];
		const voice = createEspeak({
			library: 'libnowhere.so',
			onFallback: (text) => reasons.push(text),
		});
		const [speech] = await voice.speak({ ...request, sentences: ['A fairly extraordinary day.'] });
		expect(reasons).toHaveLength(1);
		expect(speech?.timing).toBe('estimated');
		expect(speech?.samples.length).toBeGreaterThan(10_000);
		const [a, , extraordinary] = speech?.words ?? [];
		const length = (word: typeof a) => (word ? word.endMs - word.startMs : 0);
		expect(length(extraordinary)).toBeGreaterThan(3 * length(a));
	});

	it('lists voices of many languages and advises when one is unknown', async () => {
		const voices = await createEspeak().voices();
		expect(voices).toContainEqual(expect.objectContaining({ id: 'de', engine: 'espeak-ng' }));
		expect(voices).toContainEqual(expect.objectContaining({ id: 'en-us+f4', gender: 'female' }));
		const speech = createEspeak().speak({ ...request, voice: 'klingon-9', sentences: ['Hello'] });
		await expect(speech).rejects.toThrow(/choose a voice/);
	});

	it.each([
		['€49.99', 'en', '49 euros 99'],
		['49,99\u00a0€.', 'de', '49 Euro 99.'],
		['$1', 'en', '1 dollar'],
		['€1,299.00', 'en', '1299 euros'],
		['plain', 'en', 'plain'],
	])('reads %s (%s) as "%s"', (token, language, spoken) => {
		expect(spokenForm(token, language)).toBe(spoken);
	});
});
