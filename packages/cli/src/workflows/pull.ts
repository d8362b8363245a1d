import { pull, readFolder, type Pulled } from '@autopilot/workflow-deploy';
import type { Command } from 'commander';
import path from 'node:path';
import { jsonOption } from '../options.ts';
import { colour, print, printJson } from '../terminal/print.ts';
import { chosenTarget, withTargetOptions, type TargetChoice } from './target.ts';

interface PullChoice extends TargetChoice {
	all?: true;
	overwriteFiles?: true;
	dryRun?: true;
	json?: true;
}

export function registerPull(workflows: Command): void {
	withTargetOptions(workflows.command('pull'))
		.summary('bring what was edited in the editor back to the files')
		.description(
			'Writes workflows that were edited in n8n into their files: canonical, without what n8n keeps for itself, with the ids and addresses of the files. Files that say the same are not touched. Where the file has changed since the last apply too, both are merged; where they changed the same things, nothing is written and the command ends with 1.',
		)
		.argument('[ids...]', 'only these workflows')
		.option('--all', 'also workflows of n8n that no file has')
		.option('--overwrite-files', 'there too: the editor wins')
		.option('--dry-run', 'only show what it would write')
		.addOption(jsonOption())
		.action(async (ids: string[], choice: PullChoice) => {
			const pulled = await pull(await chosenTarget(choice), await readFolder(choice.folder), {
				folder: choice.folder,
				...(ids.length === 0 ? {} : { only: ids }),
				...{ all: choice.all === true, overwriteFiles: choice.overwriteFiles === true },
				dryRun: choice.dryRun === true,
			});
			if (choice.json === true) printJson({ pulled });
			else report(pulled, choice.dryRun === true);
			if (pulled.some(({ result }) => result === 'refused')) process.exitCode = 1;
		});
}

export function report(pulled: Pulled[], isDryRun: boolean): void {
	for (const { id, path: file, result, changes } of pulled) {
		if (result === 'unchanged') continue;
		const place = path.relative(process.cwd(), file);
		if (result === 'refused') {
			print(`${colour('red', '✗')} ${place}  file and editor have changed the same things:`);
		} else {
			const what = isDryRun
				? 'would be written'
				: result === 'merged'
					? 'merged with the file'
					: id;
			print(`${colour('green', '✔')} ${place}  ${colour('dim', what)}`);
		}
		for (const change of changes) print(`    ${change}`);
	}
	const moved = pulled.filter(({ result }) => result !== 'unchanged').length;
	if (moved === 0) print(colour('dim', 'Nothing was edited in the editor.'));
}
