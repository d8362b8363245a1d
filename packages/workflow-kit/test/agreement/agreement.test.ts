import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validate } from '../../src/index.ts';
import { loadTemplates } from '../templates.ts';
import { DAMAGES, damaged, TEXT_DAMAGES } from './damage.ts';
import { edges } from './edges.ts';
import { createEmptyDatabase, startOracle, type Oracle } from './truth.ts';

/** All 2,352 instead of 200: by hand, it takes some minutes. */
const ALL = process.env.AGREEMENT_ALL === '1';
const EVERY = ALL ? 1 : 12;
/** Those that are also given to n8n's own command line, which takes seconds for each. */
const BY_COMMAND = ALL ? 10 : 1;

let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
let oracle: Oracle;

beforeAll(async () => {
	database = await createEmptyDatabase();
	oracle = await startOracle(database.url);
});
afterAll(async () => {
	await oracle?.stop();
	await database?.drop();
});

/** As the gallery shows it: its own files leave the name out that the gallery keeps. */
async function templates(): Promise<{ id: number; text: string }[]> {
	return (await loadTemplates()).map(({ id, text }) => {
		const workflow: { name?: unknown } = JSON.parse(text);
		const name = typeof workflow.name === 'string' ? workflow.name : `Template ${id}`;
		return { id, text: JSON.stringify({ ...workflow, name }) };
	});
}

interface Disagreement {
	key: string;
	ours: string;
	theirs: string;
}

async function disagreements(files: Iterable<[key: string, text: string]>): Promise<{
	asked: number;
	refused: number;
	wrong: Disagreement[];
}> {
	const wrong: Disagreement[] = [];
	let [asked, refused] = [0, 0];
	for (const [key, text] of files) {
		const errors = validate(text, { profile: 'import' }).filter((one) => one.severity === 'error');
		const answer = await oracle.ask(key, text);
		const theirs = answer.imported ?? answer.published;
		asked += 1;
		if (theirs !== undefined) refused += 1;
		if ((theirs === undefined) !== (errors.length === 0)) {
			wrong.push({
				key,
				ours: errors.map(({ code }) => code).join(', ') || 'fine',
				theirs: theirs ?? 'fine',
			});
		}
	}
	return { asked, refused, wrong };
}

describe('the import profile says what n8n 2.41.1 does', () => {
	it('with published templates', async () => {
		const all = await templates();
		const blocked = (text: string) =>
			validate(text, { profile: 'import' }).some(({ severity }) => severity === 'error');
		// Each that it blocks, and every twelfth of the rest.
		const chosen = all.filter(({ text }, index) => index % EVERY === 0 || blocked(text));
		const { asked, refused, wrong } = await disagreements(
			chosen.map(({ id, text }): [string, string] => [`template ${id}`, text]),
		);
		if (ALL) console.log(`asked ${asked}, refused ${refused}`);
		expect(wrong).toEqual([]);
		expect(asked).toBeGreaterThanOrEqual(200);
	}, 3_600_000);

	it('and the command line of n8n says the same as its commands in one process', async () => {
		const isBlocked = ({ text }: { text: string }) =>
			validate(text, { profile: 'import' }).some(({ severity }) => severity === 'error');
		const withId = (await templates()).filter(
			({ text }) => typeof JSON.parse(text).id === 'string',
		);
		const chosen = [
			...withId.filter(isBlocked).slice(0, BY_COMMAND),
			...withId.filter((one) => !isBlocked(one)).slice(0, BY_COMMAND),
		];
		for (const { id, text } of chosen) {
			// In this order: the oracle empties n8n before and after itself, the command line does not.
			const inProcess = await oracle.ask(`template ${id}`, text);
			const byCommand = await oracle.askCommandLine(`template ${id}`, text);
			if (ALL) console.log(id, inProcess, byCommand);
			const verdict = (one: typeof inProcess) => (one.imported ?? one.published) === undefined;
			expect({ id, fine: verdict(inProcess) }).toEqual({ id, fine: verdict(byCommand) });
		}
		expect(chosen.length).toBe(2 * BY_COMMAND);
	}, 3_600_000);

	it('with templates that were damaged in 44 ways', async () => {
		const all = (await templates()).filter(({ text }) => text.length < 60_000);
		const kinds = [...Object.keys(DAMAGES), ...Object.keys(TEXT_DAMAGES)];
		const files = kinds.flatMap((kind, index) =>
			[0, 1, 2].map((round): [string, string] => {
				const template = all[(index * 37 + round * 701) % all.length];
				if (template === undefined) throw new Error('There are no templates.');
				return [`${kind} (${template.id})`, damaged(template.text, kind)];
			}),
		);
		const { asked, refused, wrong } = await disagreements(files);
		expect(wrong).toEqual([]);
		expect(asked).toBeGreaterThan(100);
		// Both answers must be there, or the question was no question.
		expect(refused).toBeGreaterThan(60);
		expect(refused).toBeLessThan(asked - 15);
	});

	it('at the border of what it takes', async () => {
		const files = [...edges()].map(([key, document]): [string, string] => [
			key,
			JSON.stringify(document),
		]);
		const { wrong } = await disagreements(files);
		expect(wrong).toEqual([]);
	});
});
