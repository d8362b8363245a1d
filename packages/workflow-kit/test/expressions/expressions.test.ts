import { describe, expect, it } from '@jest/globals';
import { parseBody, parseExpression } from '../../src/expressions/parse.ts';
import { plainReferences } from '../../src/expressions/plain.ts';
import { referencesOf } from '../../src/expressions/references.ts';
import { splitExpression } from '../../src/expressions/split.ts';
import { forThisMachine } from '../pace.ts';

function split(value: string): string[] {
	return splitExpression(value).map(({ kind, text, isClosed }) => {
		return `${kind}:${text}${isClosed ? '' : ' (open)'}`;
	});
}

describe('an expression', () => {
	it.each([
		['={{ $json.a }}', ['code: $json.a ']],
		['=Hello {{ $json.a }}!', ['text:Hello ', 'code: $json.a ', 'text:!']],
		['=no code', ['text:no code']],
		['={{ $json.a', ['code: $json.a (open)']],
		// The first }} closes, also when it was meant as two braces of an object.
		['={{ {a: {b: 1}} }}', ['code: {a: {b: 1', 'text: }}']],
		['=a \\{{ b', ['text:a \\{{ b']],
		['={{ "\\}}" }}', ['code: "}}" ']],
	])('%s is split as n8n does', (value, chunks) => {
		expect(split(value)).toEqual(chunks);
	});

	it.each([
		['$json.a', true],
		[' { a: 1 } ', true],
		['$json.a + 1', true],
		['$input.all().map((item) => item.json?.a ?? 0)', true],
		['', false],
		['// nothing', false],
		['$json.a.', false],
		['if (a) b', false],
	])('%s: is it one? %s', (text, isOne) => {
		expect('tree' in parseExpression(text)).toBe(isOne);
	});
});

function references(code: string) {
	const parsed = parseBody(code);
	if ('error' in parsed) throw new Error(parsed.error);
	const { nodes, variables, workflowVariables } = referencesOf(parsed.tree);
	const names = nodes.map(({ name, isGuarded }) => name + (isGuarded ? ' (asked)' : ''));
	return { names: names.sort(), variables: variables.sort(), workflowVariables };
}

describe('code refers', () => {
	it('to nodes, in each way that n8n has', () => {
		const code = `$('A').item; $node['B'].json; $node.C.json; $items("D"); $(\`E\`).first(); $(name)`;
		expect(references(code).names).toEqual(['A', 'B', 'C', 'D', 'E']);
	});

	it('to none when $ is its own', () => {
		expect(references(`const $ = load(html); $('.price').text()`).names).toEqual([]);
		expect(references(`items.map(($) => $('x'))`).names).toEqual([]);
	});

	it('to a node that it only asks about', () => {
		expect(references(`$('A').isExecuted`).names).toEqual(['A (asked)']);
	});

	it('to variables that it has not declared', () => {
		const code = `const $own = 1; ({ $key: $own }).$key; $jsn.a; $vars.shop; $fromAI('x')`;
		expect(references(code)).toEqual({
			...{ names: [], variables: ['$fromAI', '$jsn', '$vars'], workflowVariables: ['shop'] },
		});
	});
});

describe('a simple expression', () => {
	const byParser = (text: string) => {
		const parsed = parseExpression(text);
		if ('error' in parsed) return undefined;
		const { nodes, variables } = referencesOf(parsed.tree);
		return { nodes, variables: variables.filter((name) => name === '$fromAI') };
	};

	it.each([
		...[
			' $json.a.b ',
			'$json?.a',
			'$now',
			'$now.toISO()',
			"$json['a b'][0].c",
			'$input.first(0).json',
		],
		...["$('A').item.json.x", '$("A b").first().json', "$node['A'].json?.a", "$( 'A' ).all()"],
		...[
			"$fromAI('a')",
			"/*n8n-auto-generated-fromAI-override*/ $fromAI('To', `the\nmail`, 'string')",
		],
	])('refers without parsing to what it refers to parsed: %s', (text) => {
		const { nodes, variables } = plainReferences(text) ?? {};
		expect({ nodes, variables }).toEqual(byParser(text));
	});

	it.each([
		...['$jsn.a', '$json.', '$json.a(', '$json a', "$('A').isExecuted", "$('A\\'')", '$json[`a`]'],
		...['$json.a + $json.b', '$(name).item', '$fromAI(`${key}`)', '$env.A', '$json..a', "$('A'))"],
	])('is not %s', (text) => {
		expect(plainReferences(text)).toBeUndefined();
	});

	it('is told in linear time', () => {
		const before = process.cpuUsage();
		for (const part of ['.a', '[0]', "['a']", '()', ' ', "'a', "])
			for (const head of ['$json', "$('A')", "$fromAI('x'"])
				plainReferences(`${head}${part.repeat(1_000)}!`);
		const { user, system } = process.cpuUsage(before);
		expect((user + system) / 1000).toBeLessThan(forThisMachine(200));
	});
});
