import type { Command } from 'commander';
import { registerApply } from './apply.ts';
import { registerDiff } from './diff.ts';
import { registerDraw } from './draw.ts';
import { registerDrift } from './drift.ts';
import { registerFacts } from './facts.ts';
import { registerFmt } from './fmt.ts';
import { registerLint } from './lint.ts';
import { registerMerge } from './merge.ts';
import { registerPlan } from './plan.ts';
import { registerPull } from './pull.ts';
import { registerRedact } from './redact.ts';
import { registerRequire } from './require.ts';
import { registerRollback } from './rollback.ts';
import { registerRules } from './rules.ts';
import { registerScan } from './scan.ts';
import { registerTest } from './test.ts';

/** `autopilot workflows ...`: one file per command beside this one. */
export function registerWorkflows(program: Command): void {
	const workflows = program
		.command('workflows')
		.summary('workflows as code: check, compare, draw, test and deploy them')
		.description(
			'n8n workflows as files. PATHS are files, folders, a Git revision of either (HEAD~1:workflows) or - for standard input.',
		);
	registerApply(workflows);
	registerDiff(workflows);
	registerDraw(workflows);
	registerDrift(workflows);
	registerFacts(workflows);
	registerFmt(workflows);
	registerLint(workflows);
	registerMerge(workflows);
	registerPlan(workflows);
	registerPull(workflows);
	registerRedact(workflows);
	registerRequire(workflows);
	registerRollback(workflows);
	registerRules(workflows);
	registerScan(workflows);
	registerTest(workflows);
}
