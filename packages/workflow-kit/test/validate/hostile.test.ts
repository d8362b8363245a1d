import { describe, expect, it } from '@jest/globals';
import {
	PROFILES,
	rulesByLayer,
	validate,
	type Finding,
	type Json,
	type JsonObject,
} from '../../src/index.ts';
import { flow, node, START } from '../../src/validate/rules/examples.ts';
import { n8nFacts } from '../n8n-facts.ts';
import { forThisMachine } from '../pace.ts';

const facts = n8nFacts();

/** The same numbers at each run. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
		return state / 4_294_967_296;
	};
}

const STRANGE: Json[] = [
	...[null, true, -1, 1e308, '', '=', '={{', '={{}}', "={{ $('", '__proto__', 'constructor'],
	...[[], {}, [[[]]], [null], { __rl: true }, { __rl: true, mode: null, value: [] }],
	...['={{ ((((((((( }}', '={{ $node[1] }}', '\u0000', '\ud800', 'x'.repeat(5000)],
	{ conditions: [null, { operator: 5 }], combinator: 1 },
	{ assignments: [null, 5, {}] },
	{ interval: [null, { field: 5 }, { field: 'seconds', secondsInterval: {} }] },
];

/** Replaces, removes, moves or repeats something somewhere in a document. */
function mutate(document: Json, next: () => number): Json {
	const copy: Json = structuredClone(document);
	const holders: (JsonObject | Json[])[] = [];
	const collect = (value: Json) => {
		if (typeof value !== 'object' || value === null) return;
		holders.push(value);
		for (const inner of Object.values(value)) collect(inner);
	};
	collect(copy);
	const pick = <Item>(items: readonly Item[]): Item | undefined =>
		items[Math.floor(next() * items.length)];
	for (let round = 0; round < 3; round += 1) {
		const holder = pick(holders);
		if (holder === undefined) return copy;
		const key = pick(Object.keys(holder)) ?? 'extra';
		const what = next();
		if (what < 0.2) Reflect.deleteProperty(holder, key);
		else if (what < 0.4) Reflect.set(holder, key, structuredClone(pick(holders) ?? null));
		else Reflect.set(holder, key, structuredClone(pick(STRANGE) ?? null));
	}
	return copy;
}

/** Of the processor: a busy machine makes nothing hang. */
function secondsOf(work: () => unknown): number {
	const start = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(start);
	return (user + system) / 1e6;
}

describe('validate', () => {
	it('never throws, whatever became of a workflow', () => {
		const next = random(41);
		const documents = rulesByLayer().flatMap(({ rule }) =>
			[rule.bad.file, rule.good.file].filter((file) => typeof file === 'object'),
		);
		let asked = 0;
		for (let round = 0; round < 12_000; round += 1) {
			const document = mutate(documents[round % documents.length] ?? null, next);
			const profile = PROFILES[round % 3] ?? 'run';
			for (const finding of validate(JSON.stringify(document), { profile, facts })) {
				expect(finding.message.length).toBeLessThan(2_000);
				asked += 1;
			}
		}
		expect(asked).toBeGreaterThan(10_000);
	});

	it.each([
		['brackets', `={{ ${'('.repeat(200_000)} }}`],
		['braces', `={{ ${'{'.repeat(100_000)}`],
		['openings', '='.padEnd(200_000, '{{ ')],
		['slashes', `=${'\\'.repeat(200_000)}{{ 1 }}`],
		['spaces', `={{${' '.repeat(200_000)}$jsn }}`],
		['dots', `={{ $json${'.a'.repeat(100_000)} }}`],
		['a long sum', `={{ ${'1+'.repeat(100_000)}1 }}`],
		['nested templates', `={{ ${'`${'.repeat(20_000)} }}`],
	])('takes no second for an expression of %s', (_name, value) => {
		const workflow = flow(
			[START, node('Here', 'set', { assignments: { assignments: [{ name: 'a', value }] } })],
			['Start > Here'],
		);
		const took = secondsOf(() => validate(workflow, { profile: 'publish', facts }));
		expect(took).toBeLessThan(forThisMachine(1));
	});

	it('takes two seconds at most for thousands of nodes in one circle that all refer to each other', () => {
		const names = Array.from({ length: 4_000 }, (_, index) => `N${index}`);
		const nodes = names.map((name, index) =>
			node(name, 'set', { value: `={{ $('N${(index * 7) % 4_000}').item.json.a }}` }),
		);
		const connections = Object.fromEntries(
			names.map((name, index) => [
				name,
				{ main: [[{ node: names[(index + 1) % names.length] ?? '', type: 'main', index: 0 }]] },
			]),
		);
		let findings: Finding[] = [];
		const took = secondsOf(() => {
			findings = validate(flow(nodes, [], { connections }), { profile: 'publish', facts });
		});
		expect(took).toBeLessThan(forThisMachine(2));
		expect(findings.map(({ code }) => code)).toContain('loop-without-exit');
		expect(findings.length).toBeLessThanOrEqual(1_000);
	});

	it('says the same of the same file', () => {
		const file = JSON.stringify(flow([START, node('Here', 'set', { a: '={{ $jsn }}' })]));
		const said = () => JSON.stringify(validate(file, { profile: 'publish', facts }));
		expect(said()).toBe(said());
	});
});
