import { writeFile } from 'node:fs/promises';
import {
	blockersOf,
	makePlan,
	planFileOf,
	planText,
	readFolder,
	type PlanOptions,
} from '@autopilot/workflow-deploy';
import type { Command } from 'commander';
import { jsonOption } from '../options.ts';
import { colour, print, printError, printJson } from '../terminal/print.ts';
import { chosenTarget, withTargetOptions, type TargetChoice } from './target.ts';

export interface DeployChoice extends TargetChoice {
	overwriteEdited?: true;
	keepEdited?: true;
	prune?: true;
	json?: true;
}

/** Adds the options that plan, apply and rollback share. */
export function withDeployOptions(command: Command): Command {
	return withTargetOptions(command)
		.option(
			'--overwrite-edited',
			'also workflows that were edited in the editor since they were applied',
		)
		.option('--keep-edited', 'leave those as they are and go on with the others')
		.addOption(jsonOption());
}

export function planOptionsOf({ overwriteEdited, keepEdited, prune }: DeployChoice): PlanOptions {
	return {
		edited: overwriteEdited === true ? 'overwrite' : keepEdited === true ? 'keep' : 'refuse',
		prune: prune === true,
	};
}

export function registerPlan(workflows: Command): void {
	withDeployOptions(workflows.command('plan'))
		.summary('what an apply would do')
		.description(
			'Compares the files with an n8n and changes nothing: what is new, changed or gone, in the order in which it would be deployed, and what stops it (a missing credential, an edit in the editor, a policy). Ends with 1 when apply would refuse.',
		)
		.option('--prune', 'archive workflows that were applied earlier and have left the files')
		.option(
			'--out <file>',
			'save the plan for `apply PLAN`: bound to these files and to the state of that n8n',
		)
		.action(async (choice: DeployChoice & { out?: string }) => {
			const options = planOptionsOf(choice);
			const plan = await makePlan(
				await chosenTarget(choice),
				await readFolder(choice.folder),
				options,
			);
			const saved = planFileOf(plan, options);
			if (choice.json === true) {
				const items = plan.items.map(({ id, action, edit, findings }) => ({
					id,
					action,
					edit,
					findings,
				}));
				printJson({ ...saved, items, broken: plan.broken });
			} else print(planText(plan, colour));
			if (choice.out !== undefined) {
				await writeFile(choice.out, `${JSON.stringify(saved, null, '\t')}\n`);
				printError(colour('dim', `autopilot workflows apply ${choice.out}`));
			}
			if (blockersOf(plan).length > 0) process.exitCode = 1;
		});
}
