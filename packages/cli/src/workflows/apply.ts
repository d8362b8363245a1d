import { readFile } from 'node:fs/promises';
import {
	apply,
	DeployError,
	readFolder,
	readPlanFile,
	readRevision,
	type PlanFile,
	type Target,
} from '@autopilot/workflow-deploy';
import type { Command } from 'commander';
import { interruptible } from '../terminal/interrupt.ts';
import { planOptionsOf, withDeployOptions, type DeployChoice } from './plan.ts';
import { printApplied, showProgress } from './progress.ts';
import { chosenTarget } from './target.ts';

export function registerApply(workflows: Command): void {
	withDeployOptions(workflows.command('apply'))
		.summary('deploy the workflows, all or nothing')
		.description(
			'Brings an n8n to what the files say: drafts first, then into production in the order of who calls whom, then everything is read back. A failure, Ctrl-C or kill -9 leaves nothing half-applied. With PLAN (of `plan --out`) only exactly that.',
		)
		.argument('[plan]', 'a saved plan')
		.option('--prune', 'archive workflows that were applied earlier and have left the files')
		.action(async (file: string | undefined, choice: DeployChoice) => {
			const saved =
				file === undefined ? undefined : readPlanFile(await readFile(file, 'utf8'), file);
			const target = await chosenTarget(choice);
			if (saved !== undefined) checkTarget(saved, target);
			const revision = saved?.revision;
			const files =
				revision === undefined
					? await readFolder(choice.folder)
					: await readRevision(revision, choice.folder);
			const { signal, done } = interruptible(() => process.exit(130));
			try {
				const applied = await apply(target, files, {
					...(saved === undefined ? planOptionsOf(choice) : { ...saved.options, expected: saved }),
					...{ signal, onProgress: showProgress, what: 'apply' },
				});
				printApplied(applied, choice.json === true);
			} finally {
				done();
			}
		});
}

function checkTarget({ url, environment }: PlanFile, target: Target): void {
	if (url === target.environment.url) return;
	throw new DeployError(
		'stale-plan',
		`This plan is for ${environment} (${url}), not for ${target.environment.url}.`,
		{
			advice: `Name its environment: --env ${environment}`,
		},
	);
}
