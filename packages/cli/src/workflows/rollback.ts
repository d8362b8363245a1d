import { apply, makePlan, planText, readRevision } from '@autopilot/workflow-deploy';
import type { Command } from 'commander';
import { interruptible } from '../terminal/interrupt.ts';
import { colour, print } from '../terminal/print.ts';
import { planOptionsOf, withDeployOptions, type DeployChoice } from './plan.ts';
import { printApplied, showProgress } from './progress.ts';
import { chosenTarget } from './target.ts';

export function registerRollback(workflows: Command): void {
	withDeployOptions(workflows.command('rollback'))
		.summary('bring an n8n back to the workflows of a Git revision')
		.description(
			'Deploys the workflow files of REV, as apply does: all or nothing. Workflows that were applied later and were not there then are archived. The files on the disk stay as they are.',
		)
		.argument('<rev>', 'a commit, tag or branch, as in HEAD~1')
		.option('--dry-run', 'only show what it would do')
		.action(async (revision: string, choice: DeployChoice & { dryRun?: true }) => {
			const options = planOptionsOf({ ...choice, prune: true });
			const files = await readRevision(revision, choice.folder);
			const target = await chosenTarget(choice);
			if (choice.dryRun === true) {
				print(planText(await makePlan(target, files, options), colour));
				return;
			}
			const { signal, done } = interruptible(() => process.exit(130));
			try {
				const what = `rollback ${revision}`;
				const applied = await apply(target, files, {
					...options,
					signal,
					onProgress: showProgress,
					what,
				});
				printApplied(applied, choice.json === true);
			} finally {
				done();
			}
		});
}
