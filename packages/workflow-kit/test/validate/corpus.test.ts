import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse, PROFILES, validateParsed, type Finding, type Profile } from '../../src/index.ts';
import { n8nFacts } from '../n8n-facts.ts';
import { loadTemplates } from '../templates.ts';

interface Checked {
	id: number;
	errors: Record<Profile, string[]>;
	/** Of reading and the profile `run`, in processor time. */
	milliseconds: number;
}

let checked: Checked[];

beforeAll(async () => {
	const facts = n8nFacts();
	const codes = (findings: Finding[]) =>
		findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
	checked = (await loadTemplates()).map(({ id, text: bare }) => {
		// As the gallery shows it: its files leave out the name, which the gallery keeps.
		const workflow: { name?: unknown } = JSON.parse(bare);
		const text =
			typeof workflow.name === 'string'
				? bare
				: JSON.stringify({ ...workflow, name: `Template ${id}` });
		const start = process.cpuUsage();
		const parsed = parse(text);
		const run = codes(validateParsed(parsed, { profile: 'run', facts }));
		const { user, system } = process.cpuUsage(start);
		const of = (profile: Profile) => codes(validateParsed(parsed, { profile, facts }));
		return {
			id,
			errors: { import: of('import'), run, publish: of('publish') },
			milliseconds: (user + system) / 1000,
		};
	});
}, 300_000);

const blocked = (profile: Profile, code?: string) =>
	checked.filter(({ errors }) => errors[profile].some((one) => code === undefined || one === code));

describe('2,352 published templates', () => {
	it('are all checked in each profile without a throw', () => {
		expect(checked).toHaveLength(2352);
		for (const profile of PROFILES) expect(blocked(profile).length).toBeGreaterThan(0);
	});

	it('are blocked by the import profile in at most two of a hundred cases', () => {
		const { length } = blocked('import');
		expect(length).toBeLessThanOrEqual(checked.length * 0.02);
		expect(length).toBeGreaterThan(20);
	});

	it('have mistakes that n8n’s own check before publishing does not see', () => {
		for (const code of ['expression-syntax', 'expression-node-unknown', 'agent-parser-missing'])
			expect(blocked('run', code).length).toBeGreaterThan(5);
	});

	it('take less than 5 ms for 95 of a hundred, reading included', () => {
		const times = checked.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
		// Three times what was measured alone: other tests run beside this one, and code starts cold.
		expect(times[Math.floor(times.length * 0.95)]).toBeLessThan(15);
	});
});
