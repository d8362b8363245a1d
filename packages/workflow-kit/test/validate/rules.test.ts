import { describe, expect, it } from '@jest/globals';
import {
	neighboursIn,
	parse,
	PROFILES,
	rulesByLayer,
	validate,
	valueAt,
	type Example,
	type Json,
	type Limits,
	type Rule,
	type RuleCode,
} from '../../src/index.ts';
import { LIMIT_CODES } from '../../src/validate/rules/parse.ts';
import { n8nFacts } from '../n8n-facts.ts';

const facts = n8nFacts();
// Limits need large files, exemptions a file of their own: both have tests further down.
const shown = rulesByLayer().filter(
	({ code, layer }) => layer !== 'exemptions' && !(LIMIT_CODES as readonly string[]).includes(code),
);

/** Codes that a profile finds in an example, its neighbours known. */
function found({ file, others }: Example, rule: Rule): string[] {
	const profile = PROFILES.find((one) => rule.severity[one] !== undefined) ?? 'publish';
	const input = textOf(file);
	return validate(input, {
		...{ profile, facts },
		...(others && { neighbours: neighboursIn([parse(input), ...others.map((one) => parse(one))]) }),
	}).map(({ code }) => code);
}

/** Examples are parsed from text, as a file is: only then can the text itself be at fault. */
function textOf(file: Json): string {
	return typeof file === 'string' ? file : JSON.stringify(file);
}

describe.each(shown)('$code', ({ code, rule }: { code: RuleCode; rule: Rule }) => {
	it('finds its bad example', () => {
		expect(found(rule.bad, rule)).toContain(code);
	});

	it('does not find its good example', () => {
		expect(found(rule.good, rule)).not.toContain(code);
	});

	it('shows a part of each example, says why and what to do', () => {
		for (const { file, show } of [rule.bad, rule.good])
			expect(typeof file === 'string' || valueAt(file, show) !== undefined || show === '').toBe(
				true,
			);
		expect(rule.why).toMatch(/[.”]$/);
		expect(rule.advice).toMatch(/\.$/);
		expect(Object.keys(rule.severity).length).toBeGreaterThan(0);
	});
});

describe('the limits of the reader', () => {
	it('are findings and no crashes', () => {
		const codes = (input: unknown, limits: Partial<Limits>) =>
			validate(input, { profile: 'import', limits }).map(({ code }) => code);
		const workflow = { id: 'a', name: 'A', nodes: [], connections: {} };
		expect(codes(' '.repeat(51), { maxBytes: 50 })).toContain('file-too-large');
		expect(codes('[[[[[[[[]]]]]]]]', { maxDepth: 5 })).toContain('json-too-deep');
		expect(codes('[1,2,3,4,5,6,7,8,9,10]', { maxValues: 9 })).toContain('json-too-many-values');
		expect(codes({ ...workflow, nodes: [{}, {}] }, { maxNodes: 1 })).toContain('too-many-nodes');
		expect(codes([workflow, workflow], { maxWorkflows: 1 })).toContain('too-many-workflows');
		expect(codes({ ...workflow, nodes: Number.NaN }, {})).toContain('not-json');
		const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(JSON.stringify(workflow), 'utf16le')]);
		expect(codes(utf16, {})).toContain('file-encoding');
	});
});
