import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createOfflineWriter } from '../src/adapters/script-offline.ts';
import { createOpenaiWriter, withOfflineFallback } from '../src/adapters/script-openai.ts';
import { countWords, formatPrice, WORDS_PER_SECOND } from '../src/adapters/script-writer.ts';
import { kettle } from './world.ts';

const brief = { product: kettle, language: 'en', seconds: 20 };

describe('offline writer', () => {
	it.each([12, 20, 28, 45])('uses only the facts and fits %i seconds', async (seconds) => {
		const script = await createOfflineWriter().write({ ...brief, seconds });
		expect(script.writer).toBe('offline');
		const words = script.beats.reduce((sum, { say }) => sum + countWords(say), 0);
		expect(words).toBeLessThanOrEqual(seconds * WORDS_PER_SECOND);
		expect(script.beats[0]).toMatchObject({ kind: 'hook', headline: 'Arc Kettle' });
		expect(script.beats.at(-1)?.kind).toBe('action');
		expect(script.beats.some(({ say }) => say.includes('€79.50'))).toBe(true);
		const numbers = script.beats.flatMap(({ say }) => say.match(/\d[\d.,]*\d/g) ?? []);
		expect(new Set(numbers)).toEqual(new Set(['79.50']));
	});

	it('writes German, and says what to do for a language it lacks', async () => {
		const script = await createOfflineWriter().write({ ...brief, language: 'de', seconds: 28 });
		expect(script.beats.map(({ say }) => say).join(' ')).toContain('79,50\u00a0€');
		const french = createOfflineWriter().write({ ...brief, language: 'fr' });
		await expect(french).rejects.toThrow(/pass `script`, or set OPENAI_API_KEY/);
	});

	it('knows currencies without decimals', () => {
		expect(formatPrice({ amount: 4900, currency: 'JPY' }, 'en')).toBe('¥4,900');
	});
});

describe('model writer', () => {
	const good = {
		title: 'Arc Kettle',
		beats: [
			{ kind: 'hook', say: 'Your tea deserves the Arc Kettle.', headline: 'Better tea' },
			{ kind: 'fact', say: 'It holds any degree for an hour.' },
			{ kind: 'action', say: 'Get yours.' },
		],
	};
	let server: Server;
	let baseUrl: string;
	let answers: (string | number | 'never')[];
	let asked: { authorization: string | undefined; body: string }[];

	beforeAll(async () => {
		server = createServer((request, response) => {
			void text(request).then((body) => {
				asked.push({ authorization: request.headers.authorization, body });
				const answer = answers.shift() ?? 500;
				if (answer === 'never') return;
				const failed = typeof answer === 'number';
				response.writeHead(failed ? answer : 200, { 'content-type': 'application/json' });
				response.end(
					JSON.stringify(
						failed
							? { error: { message: 'broken' } }
							: {
									id: 'x',
									object: 'chat.completion',
									choices: [
										{
											index: 0,
											finish_reason: 'stop',
											message: { role: 'assistant', content: answer },
										},
									],
								},
					),
				);
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
	});
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});
	beforeEach(() => {
		asked = [];
	});
	const writer = ({ timeoutMs = 60_000, maxRetries = 0 } = {}) =>
		createOpenaiWriter({ apiKey: 'sk-test', baseUrl, model: 'small', timeoutMs, maxRetries });

	it('asks the service with the facts and returns a checked script', async () => {
		answers = [JSON.stringify(good)];
		const script = await writer().write(brief);
		expect(script).toMatchObject({ writer: 'llm', model: 'small', title: 'Arc Kettle' });
		expect(script.beats).toHaveLength(3);
		expect(asked[0]?.authorization).toBe('Bearer sk-test');
		expect(asked[0]?.body).toContain('€79.50');
	});

	it('tries again after a 500', async () => {
		answers = [500, JSON.stringify(good)];
		expect((await writer({ maxRetries: 1 }).write(brief)).writer).toBe('llm');
		expect(asked).toHaveLength(2);
	});

	it('names the fault once when the answer is not a script', async () => {
		answers = ['{"title": "x", "beats": "none"', JSON.stringify(good)];
		expect((await writer().write(brief)).title).toBe('Arc Kettle');
		expect(asked[1]?.body).toContain('Not accepted');
	});

	it('refuses a script that is too long to be spoken in time', async () => {
		const long = {
			...good,
			beats: good.beats.map((beat) => ({ ...beat, say: 'word '.repeat(30) })),
		};
		answers = [JSON.stringify(long), JSON.stringify(long)];
		await expect(writer().write(brief)).rejects.toThrow(/words are too many/);
	});

	it.each([
		['is broken', [500], /500/, {}],
		['does not answer', ['never'], /could not be asked/, { timeoutMs: 300 }],
		['answers nonsense twice', ['no', 'no'], /not a script/, {}],
	] as const)(
		'falls back to the offline writer, with a note, when it %s',
		async (_, replies, note, options) => {
			answers = [...replies];
			const script = await withOfflineFallback(writer(options)).write(brief);
			expect(script.writer).toBe('offline');
			expect(script.note).toMatch(note);
		},
	);
});
