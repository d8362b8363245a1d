import { describe, expect, it } from '@jest/globals';
import {
	formatGithub,
	formatText,
	placesOf,
	toSarif,
	type DocumentFindings,
	type Finding,
} from '../src/index.ts';

const finding = (more: Partial<Finding>): Finding => ({
	...{ code: 'a-rule', severity: 'error', message: 'Wrong.', advice: 'Mend it.', pointer: '' },
	...more,
});
const text = '{\n\t"nodes": [\n\t\t{ "name": "A" }\n\t]\n}';
const document = (findings: Finding[]): DocumentFindings => ({
	path: 'flows/a b.json',
	text,
	findings,
});

describe('findings', () => {
	it('stand at their line; what is missing stands at the object without it', () => {
		expect(
			placesOf(
				document([
					finding({ pointer: '/nodes/0/name' }),
					finding({ pointer: '/nodes/0/typeVersion' }),
					finding({ pointer: '/settings/x/y' }),
					finding({ line: 7, column: 2 }),
				]),
			),
		).toEqual([
			{ line: 3, column: 13 },
			{ line: 3, column: 3 },
			{ line: 1, column: 1 },
			{ line: 7, column: 2 },
		]);
	});

	it('are told with what to do, and counted', () => {
		const told = formatText([
			document([finding({ node: 'A', pointer: '/nodes/0' }), finding({ severity: 'info' })]),
		]);
		expect(told).toContain('flows/a b.json');
		expect(told).toMatch(/ 3 ✗ A: Wrong\. {2}a-rule\n.*→ Mend it\./);
		expect(told).toContain('1 error, 1 info in 1 of 1 file');
		expect(formatText([document([])])).toBe('nothing found in 1 file');
	});

	it('cannot steer a terminal or a log of GitHub', () => {
		const evil = finding({ node: 'A\u001b[2J\n::error::x', message: '100%\r\n::set-output::' });
		expect(formatText([document([evil])])).not.toContain('\u001b');
		const lines = formatGithub([document([evil])]).split('\n');
		expect(lines).toHaveLength(1);
		expect(lines[0]).toMatch(/^::error file=flows\/a b\.json,line=1,col=1,title=a-rule::A/);
		expect(lines[0]).toContain('100%25%0D%0A::set-output');
	});

	it('are a SARIF log with a rule per code', () => {
		const log = toSarif(
			[
				document([
					finding({ pointer: '/nodes/0', node: 'A' }),
					finding({ code: 'b', severity: 'info' }),
				]),
			],
			{
				rules: new Map([['b', { title: 'B title' }]]),
			},
		);
		expect(log).toMatchObject({
			version: '2.1.0',
			runs: [
				{
					tool: {
						driver: {
							rules: [{ id: 'a-rule' }, { id: 'b', shortDescription: { text: 'B title' } }],
						},
					},
					results: [
						{
							ruleId: 'a-rule',
							ruleIndex: 0,
							level: 'error',
							message: { text: 'Wrong. Mend it.' },
							locations: [
								{
									physicalLocation: {
										artifactLocation: { uri: 'flows/a%20b.json' },
										region: { startLine: 3, startColumn: 3 },
									},
								},
							],
						},
						{ ruleId: 'b', level: 'note' },
					],
				},
			],
		});
	});
});
