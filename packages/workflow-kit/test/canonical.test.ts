import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { check } from 'prettier';
import {
	canonicalText,
	fingerprint,
	jsonText,
	parse,
	similarity,
	type Json,
	type Workflow,
} from '../src/index.ts';
import { pick, seeded } from './random.ts';
import { loadTemplates } from './templates.ts';

const PRETTIER = { parser: 'json', useTabs: true, printWidth: 100, endOfLine: 'lf' } as const;

describe('the canonical form', () => {
	it('of every published template is lossless and its own canonical form', async () => {
		const faults: number[] = [];
		for (const { id, text } of await loadTemplates()) {
			const canonical = canonicalText(text).text ?? '';
			const lossless = isDeepStrictEqual(JSON.parse(canonical), JSON.parse(text));
			if (!lossless || canonicalText(canonical).text !== canonical) faults.push(id);
		}
		expect(faults).toEqual([]);
	});

	it('does not depend on the order of keys', async () => {
		const random = seeded(1);
		const templates = await loadTemplates();
		for (let count = 0; count < 100; count++) {
			const { text } = pick(random, templates);
			const {
				pinData: _pinData,
				staticData: _staticData,
				...rest
			} = JSON.parse(text) as Record<string, Json>;
			expect(canonicalText(shuffled(rest, random)).text === canonicalText(rest).text).toBe(true);
		}
	});

	it('is what Prettier writes', async () => {
		const random = seeded(2);
		const templates = await loadTemplates();
		for (let count = 0; count < 40; count++) {
			const text = canonicalText(pick(random, templates).text).text ?? '';
			expect(await check(text, PRETTIER)).toBe(true);
		}
		const lists = {
			a: Array.from({ length: 40 }, (_, n) => n * 1000),
			b: [
				[1, 2],
				[3, 4],
			],
			c: [[], {}],
			d: ['x'.repeat(99)],
			e: [{}],
			f: ['漢'.repeat(46), 1],
		};
		expect(await check(jsonText(lists), PRETTIER)).toBe(true);
	});

	it('keeps `__proto__`, wrappers and the order of lists', () => {
		const text =
			'{"name":"x","data":[{"nodes":[{"b":1,"__proto__":2,"name":"A"}],"connections":{}}]}';
		const canonical = canonicalText(text).text ?? '';
		expect(JSON.stringify(JSON.parse(canonical))).toBe(
			'{"name":"x","data":[{"nodes":[{"name":"A","__proto__":2,"b":1}],"connections":{}}]}',
		);
	});

	it('puts sources in the order of their nodes', () => {
		const node = (name: string) => ({
			name,
			type: 't.t',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		});
		const { text } = canonicalText({
			nodes: [node('B'), node('A')],
			connections: { gone: {}, A: {}, B: {} },
		});
		expect(Object.keys((JSON.parse(text ?? '') as { connections: object }).connections)).toEqual([
			'B',
			'A',
			'gone',
		]);
	});
});

function shuffled(value: Json, random: () => number): Json {
	if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
	if (typeof value !== 'object' || value === null) return value;
	const keys = Object.keys(value).map((key) => ({ key, at: random() }));
	keys.sort((left, right) => left.at - right.at);
	return Object.fromEntries(keys.map(({ key }) => [key, shuffled(value[key] ?? null, random)]));
}

describe('fingerprints', () => {
	const one = (document: unknown): Workflow => {
		const [workflow] = parse(document).workflows;
		if (workflow === undefined) throw new Error('No workflow.');
		return workflow;
	};
	const chain = (...types: string[]) => ({
		nodes: types.map((type, index) => ({
			name: `${type} ${index}`,
			type: `n8n-nodes-base.${type}`,
			typeVersion: 1,
			position: [index, 0],
			parameters: {},
		})),
		connections: Object.fromEntries(
			types
				.slice(1)
				.map((type, index) => [
					`${types[index]} ${index}`,
					{ main: [[{ node: `${type} ${index + 1}`, type: 'main', index: 0 }]] },
				]),
		),
	});

	it('do not see names, order, places, parameters and notes', () => {
		const original = chain('webhook', 'set', 'if', 'slack');
		const copy = JSON.parse(
			JSON.stringify(original).replaceAll('slack 3', 'Tell them'),
		) as typeof original;
		copy.nodes.reverse().push({
			name: 'N',
			type: 'n8n-nodes-base.stickyNote',
			typeVersion: 1,
			position: [9, 9],
			parameters: {},
		});
		expect(fingerprint(one(copy))).toEqual(fingerprint(one(original)));
	});

	it('are near for a changed copy and far for another workflow', () => {
		const original = fingerprint(
			one(chain('webhook', 'set', 'if', 'httpRequest', 'code', 'slack')),
		);
		const changed = fingerprint(one(chain('webhook', 'set', 'if', 'httpRequest', 'code', 'gmail')));
		const other = fingerprint(one(chain('cron', 'rssFeedRead', 'openAi', 'wordpress')));
		expect(changed.hash).not.toBe(original.hash);
		expect(similarity(original, original)).toBe(1);
		expect(similarity(original, changed)).toBeGreaterThan(0.6);
		expect(similarity(original, other)).toBeLessThan(0.1);
	});

	it('find the templates that were published twice', async () => {
		const templates = await loadTemplates();
		const prints = templates.slice(0, 400).map(({ text }) => fingerprint(one(text)));
		for (const print of prints) expect(print.shingles.length).toBeGreaterThan(0);
		expect(new Set(prints.map(({ hash }) => hash)).size).toBeGreaterThan(370);
	});
});
