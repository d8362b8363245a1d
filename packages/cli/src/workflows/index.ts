import type { Command } from 'commander';
import { registerRollback } from './rollback.ts';
import { registerPull } from './pull.ts';
import { registerPlan } from './plan.ts';
import { registerDrift } from './drift.ts';
import { registerApply } from './apply.ts';
import { registerFmt } from './fmt.ts';
import { registerRedact } from './redact.ts';
import { registerRequire } from './require.ts';
import { registerScan } from './scan.ts';

/** `autopilot workflows ...`: one file per command beside this one. */
export function registerWorkflows(program: Command): void {
	const workflows = program
		.command('workflows')
		.summary('workflows as code: check, compare, draw, test and deploy them')
		.description(
			'n8n workflows as files. PATHS are files, folders, a Git revision of either (HEAD~1:workflows) or - for standard input.',
		);
	registerFmt(workflows);
	registerRedact(workflows);
	registerRequire(workflows);
	registerScan(workflows);
	registerApply(workflows);
	registerDrift(workflows);
	registerPlan(workflows);
	registerPull(workflows);
	registerRollback(workflows);
}
