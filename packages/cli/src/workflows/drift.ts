import {
	apply,
	driftText,
	findDrift,
	pull,
	readFolder,
	type Drift,
	type Target,
} from '@autopilot/workflow-deploy';
import { Option, type Command } from 'commander';
import { jsonOption } from '../options.ts';
import { colour, print, printJson } from '../terminal/print.ts';
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
		const pulled = await pull(target, files, { folder: choice.folder, only });
		report(pulled, false);
		if (pulled.some(({ result }) => result === 'refused')) process.exitCode = 1;
		return;
	}
	const applied = await apply(target, files, {
		...{ only, edited: 'overwrite', what: 'drift --revert', onProgress: showProgress },
	});
	printApplied(applied, choice.json === true);
}
