import {
	apply,
	driftText,
	findDrift,
	notForFiles,
	pull,
	readFolder,
	type Drift,
	type Target,
	type WorkflowFiles,
} from '@autopilot/workflow-deploy';
import { Option, type Command } from 'commander';
import { jsonOption } from '../options.ts';
import { colour, print, printError, printJson } from '../terminal/print.ts';
import { printApplied, showProgress } from './progress.ts';
import { report } from './pull.ts';
import { chosenTarget, withTargetOptions, type TargetChoice } from './target.ts';

interface DriftChoice extends TargetChoice {
	adopt?: true;
	revert?: true;
	json?: true;
}

export function registerDrift(workflows: Command): void {
	withTargetOptions(workflows.command('drift'))
		.summary('have the files moved, or the editor?')
		.description(
			'Compares files, n8n and what was applied last, and says for each workflow who has moved. Ends with 1 when anything has.',
		)
		.argument('[ids...]', 'only these workflows')
		.addOption(
			new Option('--adopt', 'take over what the editor has changed, into the files').conflicts(
				'revert',
			),
		)
		.addOption(new Option('--revert', 'put the files in the place of what the editor has changed'))
		.addOption(jsonOption())
		.action(async (ids: string[], choice: DriftChoice) => {
			const target = await chosenTarget(choice);
			const { drifts } = await findDrift(target, await readFolder(choice.folder));
			const asked = drifts.filter(({ id }) => ids.length === 0 || ids.includes(id));
			if (choice.json === true) printJson({ drifts: asked });
			else print(driftText(asked, colour));
			if (choice.adopt === true || choice.revert === true) await settle(target, asked, choice);
			else if (asked.some(({ status }) => status !== 'in-sync')) process.exitCode = 1;
		});
}

async function settle(target: Target, drifts: Drift[], choice: DriftChoice): Promise<void> {
	const edited = drifts.filter(({ status }) => ['editor', 'both', 'unknown'].includes(status));
	if (edited.length === 0) return;
	const only = edited.map(({ id }) => id);
	const files = await readFolder(choice.folder);
	if (choice.adopt === true) {
		await adopt(target, edited, files, choice.folder);
		return;
	}
	const applied = await apply(target, files, {
		...{ only, edited: 'overwrite', what: 'drift --revert', onProgress: showProgress },
	});
	printApplied(applied, choice.json === true);
}

/** Ends with 1 when something stays as it was: both have changed the same, or no file can say it. */
async function adopt(
	target: Target,
	edited: Drift[],
	files: WorkflowFiles,
	folder: string,
): Promise<void> {
	const left = edited.filter((drift) => notForFiles(drift) !== undefined);
	const only = edited.filter((drift) => !left.includes(drift)).map(({ id }) => id);
	const pulled = only.length === 0 ? [] : await pull(target, files, { folder, only });
	if (pulled.length > 0) report(pulled, false);
	for (const drift of left) printError(`${colour('red', '✗')} ${drift.id}  ${notForFiles(drift)}`);
	if (left.length > 0 || pulled.some(({ result }) => result === 'refused')) process.exitCode = 1;
}
