import {
	diffMarkdown,
	diffSvg,
	diffText,
	diffWorkflows,
	parse,
	type ThemeName,
	type Workflow,
	type WorkflowDiff,
} from '@autopilot/workflow-kit';
import { Option, type Command } from 'commander';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../exit.ts';
import { jsonOption } from '../options.ts';
import { colour, print, printError, printJson } from '../terminal/print.ts';
import { readDocuments } from './inputs.ts';

interface DiffOptions {
	format: 'text' | 'json' | 'markdown' | 'svg';
	json?: true;
	theme: ThemeName;
	out?: string;
	moves: boolean;
	exitCode?: true;
}

/** One workflow on both sides; undefined where it is not there. */
interface Compared {
	path: string;
	before: Workflow | undefined;
	after: Workflow | undefined;
}

export function registerDiff(workflows: Command): void {
	workflows
		.command('diff')
		.summary('what an author changed')
		.description(
			'Compares files, folders or Git revisions by what they mean: nodes, parameters, connections. `diff HEAD~1 workflows/` compares a revision with the files, `diff v1..v2 workflows/` two revisions, `diff a.json b.json` two files.',
		)
		.argument('<before>')
		.argument('[after]', 'default: workflows')
		.addOption(
			new Option('--format <format>').choices(['text', 'json', 'markdown', 'svg']).default('text'),
		)
		.addOption(jsonOption())
		.addOption(
			new Option('--theme <theme>', 'of the SVG').choices(['light', 'dark']).default('light'),
		)
		.option('--out <file>', 'write there instead of stdout')
		.option('--no-moves', 'nodes that only moved are the same')
		.option('--exit-code', 'end with 1 when there are differences')
		.action(async (before: string, after: string | undefined, options: DiffOptions) => {
			const sides = await sidesOf(before, after);
			const compared = await pair(sides.before, sides.after);
			const differences = compared
				.map((one) => ({ ...one, diff: withMoves(diffOf(one), options.moves) }))
				.filter(({ diff }) => !diff.same);
			await write(differences, options);
			if (options.exitCode === true && differences.length > 0) process.exitCode = 1;
		});
}

/** What the two arguments mean. */
async function sidesOf(
	before: string,
	after: string | undefined,
): Promise<{ before: string; after: string }> {
	const isPath = (text: string) =>
		stat(text).then(
			() => true,
			() => false,
		);
	if (before.includes(':') || (await isPath(before))) {
		if (after !== undefined) return { before, after };
		throw new CommandError('There is nothing to compare with.', {
			advice: 'diff BEFORE AFTER, or diff HEAD~1 workflows/',
			exitCode: 2,
		});
	}
	const folder = after ?? 'workflows';
	const [from = '', to] = before.split('..');
	return {
		before: `${from}:${folder}`,
		after: to === undefined ? folder : `${to === '' ? 'HEAD' : to}:${folder}`,
	};
}

async function pair(before: string, after: string): Promise<Compared[]> {
	const left = await read(before);
	const right = await read(after);
	const [first] = left;
	const [second] = right;
	if (left.length === 1 && right.length === 1 && first !== undefined && second !== undefined)
		return [{ path: second.path, before: first.workflow, after: second.workflow }];
	const found = new Map<string, Compared>();
	for (const { key, path: at, workflow } of right)
		found.set(key, { path: at, before: undefined, after: workflow });
	for (const { key, path: at, workflow } of left) {
		const there = found.get(key);
		found.set(key, { path: there?.path ?? at, before: workflow, after: there?.after });
	}
	return [...found.values()];
}

async function read(input: string): Promise<{ key: string; path: string; workflow: Workflow }[]> {
	const revision = (await isFileOrFolder(input))
		? undefined
		: input.slice(0, input.indexOf(':') + 1);
	const root = revision === undefined ? input : input.slice(revision.length);
	const found: { key: string; path: string; workflow: Workflow }[] = [];
	for (const document of await readDocuments([input])) {
		const name = revision === undefined ? document.path : document.path.slice(revision.length);
		const relative = path.relative(root, name);
		const parsed = parse(document.bytes);
		if (parsed.workflows.length === 0)
			throw new CommandError(
				`${document.path} has no workflow: ${parsed.findings[0]?.message ?? ''}`,
				{
					advice: 'autopilot workflows lint says more.',
					exitCode: 2,
				},
			);
		parsed.workflows.forEach((workflow, index) => {
			found.push({ key: `${relative} ${workflow.id ?? index}`, path: document.path, workflow });
		});
	}
	return found;
}

function isFileOrFolder(input: string): Promise<boolean> {
	return stat(input).then(
		() => true,
		() => false,
	);
}

function empty(like: Workflow): Workflow {
	const source = { name: like.name, settings: like.source['settings'] ?? {} };
	return { ...like, nodes: [], edges: [], groups: [], source };
}

function diffOf({ before, after }: Compared): WorkflowDiff {
	const there = after ?? before;
	if (there === undefined) throw new Error('Neither side has the workflow.');
	return diffWorkflows(before ?? empty(there), after ?? empty(there));
}

function withMoves(diff: WorkflowDiff, moves: boolean): WorkflowDiff {
	if (moves) return diff;
	const still = { ...diff, moved: [] };
	const lists = [
		diff.added,
		diff.removed,
		diff.changed,
		diff.connected,
		diff.disconnected,
		diff.workflow,
	];
	return { ...still, same: lists.every((list) => list.length === 0) };
}

async function write(
	differences: (Compared & { diff: WorkflowDiff })[],
	{ format, json, theme, out }: DiffOptions,
): Promise<void> {
	if (json === true || format === 'json') {
		const data = { workflows: differences.map(({ path: at, diff }) => ({ path: at, ...diff })) };
		if (out === undefined) printJson(data);
		else await writeFile(out, `${JSON.stringify(data, null, '\t')}\n`);
		return;
	}
	if (differences.length === 0) printError(colour('dim', 'no differences'));
	if (format === 'svg') {
		const [only] = differences;
		if (only === undefined) return;
		if (differences.length > 1)
			throw new CommandError(`${differences.length} workflows differ; a picture shows one.`, {
				advice: `diff of one file, for example ${only.path}`,
				exitCode: 2,
			});
		const there = only.after ?? only.before;
		if (there === undefined) return;
		const svg = diffSvg(only.before ?? empty(there), only.after ?? empty(there), { theme });
		if (out === undefined) process.stdout.write(svg);
		else await writeFile(out, svg);
		return;
	}
	const texts = differences.map(({ path: at, before, after, diff }) => {
		const state = before === undefined ? ' (new)' : after === undefined ? ' (gone)' : '';
		if (format === 'markdown') return diffMarkdown(diff, `${at}${state}`);
		const paint = out === undefined ? colour : undefined;
		return `${paint === undefined ? at : colour('bold', at)}${state}\n${diffText(diff, paint)}`;
	});
	const text = texts.join('\n');
	if (out !== undefined) await writeFile(out, text);
	else if (text !== '') print(text.trimEnd());
}
