import path from 'node:path';
import { projectRoot } from '@autopilot/stack';
import type { Coverage, TestOptions, TestReport } from '@autopilot/workflow-test';
import { type Command, InvalidArgumentError } from 'commander';
import { jsonOption } from '../options.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { colour, print, printError, printJson } from '../terminal/print.ts';
import { watchFiles } from './watch.ts';

interface TestChoice {
	folder: string;
	only?: string;
	coverage?: number;
	watch?: true;
	json?: true;
}

export function registerTest(workflows: Command): void {
	workflows
		.command('test')
		.summary("run workflows in n8n's engine against canned answers")
		.description(
			"Runs workflows/tests/*.test.json with n8n's own engine in a process of this machine: no server, no database, no request leaves it. Says which nodes and branches no case has touched. packages/workflow-test/README.md has the format.",
		)
		.argument('[files...]', 'test files, workflow files or ids; default: all')
		.option('--folder <dir>', 'folder of the workflows', path.join(projectRoot, 'workflows'))
		.option('--only <text>', 'only cases with this in their name')
		.option('--coverage <percent>', 'fail when less of the nodes or branches was touched', percent)
		.option('--watch', 'run again when a workflow or a test changes')
		.addOption(jsonOption())
		.action(async (files: string[], choice: TestChoice) => {
			const { reportText, runTests, startEngine } = await import('@autopilot/workflow-test');
			const engine = await startEngine();
			const { signal, done } = interruptible(() => process.exit(130));
			try {
				const once = async () => {
					const report = await runTests(engine, optionsOf(files, choice));
					if (choice.json === true) printJson(plain(report));
					else print(reportText(report, colour));
					return report;
				};
				const report = await once();
				process.exitCode = isFine(report, choice.coverage) ? 0 : 1;
				if (choice.watch === true) await watch(choice.folder, once, signal);
			} finally {
				done();
				await engine.stop();
			}
		});
}

function optionsOf(files: string[], { folder, only }: TestChoice): TestOptions {
	return { folder, files, ...(only === undefined ? {} : { only }) };
}

function isFine({ failed, coverage }: TestReport, least: number | undefined): boolean {
	const poor = coverage.filter((one) => least !== undefined && lowest(one) < least);
	for (const one of poor)
		printError(`${colour('red', '✗')} ${one.workflow}: ${lowest(one)} % is less than ${least} %`);
	return failed === 0 && poor.length === 0;
}

function lowest({ nodePercent, branchPercent }: Coverage): number {
	return Math.min(nodePercent, branchPercent);
}

async function watch(
	folder: string,
	run: () => Promise<unknown>,
	signal: AbortSignal,
): Promise<void> {
	printError(colour('dim', 'Waiting for changes; Ctrl-C ends.'));
	for await (const changed of watchFiles([folder, path.join(folder, 'tests')], signal)) {
		printError(colour('dim', `\n${changed} has changed`));
		await run();
	}
}

/** The report without what n8n gave out: that may be long. */
function plain({ files, ...report }: TestReport): object {
	return {
		...report,
		files: files.map(({ cases, ...file }) => ({
			...file,
			cases: cases.map(({ name, problems, tookMs }) => ({
				name,
				problems,
				tookMs: Math.round(tookMs),
			})),
		})),
	};
}

function percent(text: string): number {
	const number = Number(text);
	if (!(number >= 0 && number <= 100)) throw new InvalidArgumentError('A number from 0 to 100.');
	return number;
}
