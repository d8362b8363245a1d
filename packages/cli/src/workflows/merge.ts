import {
	canonicalWorkflow,
	jsonText,
	mergeWorkflows,
	parse,
	placeText,
	replaceWorkflows,
	type MergeConflict,
	type Parsed,
	type Workflow,
} from '@autopilot/workflow-kit';
import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { CommandError } from '../exit.ts';
import { jsonOption } from '../options.ts';
import { colour, printError, printJson } from '../terminal/print.ts';
import { readDocument } from './inputs.ts';

export function registerMerge(workflows: Command): void {
	workflows
		.command('merge')
		.summary('three-way merge, also for Git')
		.description(
			`Merges what two sides did to a workflow: nodes by id, parameters by path, code by lines. Conflicts are named on stderr, ours stays, and it ends with 1. As Git's merge driver:
  git config merge.workflow.driver 'autopilot workflows merge %O %A %B --out %A'
  echo 'workflows/*.json merge=workflow' >> .gitattributes`,
		)
		.argument('<base>', 'what both come from')
		.argument('<ours>')
		.argument('<theirs>')
		.option('--out <file>', 'write the result there instead of stdout')
		.addOption(jsonOption())
		.action(
			async (
				base: string,
				ours: string,
				theirs: string,
				options: { out?: string; json?: true },
			) => {
				const mine = await read(ours);
				const others = await read(theirs);
				const common = await readBase(base, mine.workflow);
				const { workflow, conflicts } = mergeWorkflows(common, mine.workflow, others.workflow);
				const text = jsonText(
					replaceWorkflows(mine.parsed, (_source, pointer) =>
						canonicalWorkflow(pointer === mine.workflow.pointer ? workflow : _source),
					),
				);
				if (options.out !== undefined) await writeFile(options.out, text);
				else if (options.json !== true) process.stdout.write(text);
				if (options.json === true) printJson({ conflicts });
				else for (const conflict of conflicts) printError(conflictText(conflict));
				if (conflicts.length > 0) process.exitCode = 1;
			},
		);
}

async function read(file: string): Promise<{ parsed: Parsed; workflow: Workflow }> {
	const parsed = parse((await readDocument(file)).bytes);
	const [workflow] = parsed.workflows;
	if (workflow !== undefined && parsed.workflows.length === 1) return { parsed, workflow };
	throw new CommandError(`${file} has ${parsed.workflows.length} workflows.`, {
		advice: 'Files with one workflow can be merged.',
		exitCode: 2,
	});
}

/** Git gives an empty file when both sides added it. */
async function readBase(file: string, like: Workflow): Promise<Workflow> {
	const { bytes } = await readDocument(file);
	if (bytes.length > 0) return (await read(file)).workflow;
	return { ...like, nodes: [], edges: [], groups: [], source: {} };
}

function conflictText({ node, pointer, message, ours, theirs }: MergeConflict): string {
	const place = [node ?? 'workflow', placeText(pointer)].filter((part) => part !== '').join(': ');
	const values =
		ours === undefined && theirs === undefined
			? ''
			: `  ours ${short(ours)}, theirs ${short(theirs)}`;
	return `${colour('red', '✘')} ${place}: ${message}${colour('dim', values)}`;
}

function short(value: unknown): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
