import { describe, expect, it } from '@jest/globals';
import {
	canonicalText,
	fingerprint,
	parse,
	readPackage,
	redact,
	requirementsOf,
	scan,
	type Json,
} from '../src/index.ts';
import { forThisMachine } from './pace.ts';
import { seeded } from './random.ts';
import { mutateJson, mutateText } from './mutate.ts';
import { loadTemplates } from './templates.ts';

/** All that the kit does to a document; more is done by the tests of drawing and validation. */
function everything(input: unknown): void {
	const { workflows } = parse(input);
	for (const workflow of workflows) fingerprint(workflow);
	requirementsOf(workflows);
	canonicalText(input);
	if (scan(redact(input).text ?? '{"nodes":[]}').some(({ code }) => code.startsWith('secret-')))
		throw new Error('A secret was left.');
}

/** Milliseconds of work: what else runs on the machine does not count. */
function cpuTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

describe('hostile input', () => {
	it('1,500 damaged templates and texts throw nothing', async () => {
		const small = (await loadTemplates()).filter(({ text }) => text.length < 20_000);
		const random = seeded(20_26);
		const faults: unknown[] = [];
		for (let count = 0; count < 1_500; count++) {
			const { text } = small[Math.floor(random() * small.length)] ?? { text: '' };
			const damaged =
				count % 2 === 0 ? mutateText(text, random) : mutateJson(JSON.parse(text) as Json, random);
			try {
				everything(damaged);
			} catch (error) {
				faults.push(error);
			}
		}
		expect(faults).toEqual([]);
	});

	const wrap = (content: string) => ({
		nodes: [{ name: 'A', type: 't.t', parameters: { content } }],
		connections: {},
	});
	const long = 1_000_000;
	const repeat = (part: string) => part.repeat(Math.floor(long / part.length));

	it.each([
		...[
			'a',
			'@',
			'a@',
			':',
			'=',
			'"',
			'\\',
			'.',
			'{{',
			'[',
			' ',
			'\n',
			'-----BEGIN',
			'-----BEGIN PRIVATE KEY-----',
		],
		...[
			'sk-',
			'sk-a1',
			'eyJ',
			'eyJa-',
			'eyJaaaaaaaaa.',
			'eyJaaaaaaaaa.eyJaaaaaaaaa.',
			':AA',
			'1:AA',
			'M.',
			'xoxb-',
		],
		...[
			'://',
			'a://',
			'a://b:c@',
			'a://b:',
			'https://a.',
			'Bearer ',
			'Basic ',
			'Basic YTpi',
			'token=',
			'password: ',
			'api key ',
			'?key=',
		],
		...[
			'$vars',
			'$vars.',
			'$env["',
			'github_pat_',
			'AKIA',
			'hooks.slack.com/services/T',
			'a.b.',
			'😀',
			'\ud800',
			'%3A',
			'key-',
		],
	])('a megabyte of %j takes less than a second', (part) => {
		const input = wrap(repeat(part));
		const start = cpuTime();
		scan(input);
		requirementsOf(parse(input).workflows);
		expect(cpuTime() - start).toBeLessThan(forThisMachine(1_000));
		expect(redact(input).text).toBeDefined();
	});

	it('a file of 50 MB, 10,000 levels and a bomb end at once', () => {
		const large = Buffer.alloc(50 * 1024 * 1024, '{"nodes":[');
		const deep = `{"nodes":[{"parameters":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}]}`;
		const start = cpuTime();
		for (const input of [
			large,
			large.toString(),
			deep,
			'['.repeat(15_000_000),
			'"'.repeat(15_000_000),
			'\\"'.repeat(7_000_000),
		])
			expect(parse(input).findings.some(({ severity }) => severity === 'error')).toBe(true);
		readPackage(large);
		expect(cpuTime() - start).toBeLessThan(forThisMachine(3_000));
	});

	it('10,000 nodes with a connection each are read', () => {
		const nodes = Array.from({ length: 10_000 }, (_, n) => ({
			name: `N${n}`,
			type: 't.t',
			typeVersion: 1,
			position: [n, 0],
			parameters: {},
		}));
		const connections = Object.fromEntries(
			nodes.map(({ name }, n) => [
				name,
				{ main: [[{ node: `N${(n + 1) % 10_000}`, type: 'main', index: 0 }]] },
			]),
		);
		const start = cpuTime();
		everything({ nodes, connections });
		expect(cpuTime() - start).toBeLessThan(forThisMachine(5_000));
	});
});
