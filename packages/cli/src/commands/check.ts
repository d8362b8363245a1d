import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '@autopilot/stack';
import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { print } from '../terminal/print.ts';
import { runStep } from '../terminal/steps.ts';

interface Check {
	title: string;
	/** A program of node_modules/.bin and its arguments. */
	run: [program: string, ...args: string[]];
}

const CHECKS: Check[] = [
	{ title: 'Types of nodes and credentials (tsc)', run: ['tsc', '-b'] },
	{ title: 'Types of services and packages (tsc)', run: ['tsc', '-p', 'tsconfig.services.json'] },
	{
		title: "n8n's rules for node packages (ESLint)",
		run: ['eslint', '--no-inline-config', 'nodes', 'credentials', 'package.json'],
	},
	{
		title: 'Lint (ESLint)',
		run: ['eslint', '.', '--ignore-pattern', 'nodes/', '--ignore-pattern', 'credentials/'],
	},
	{ title: 'Format (Prettier)', run: ['prettier', '--check', '--log-level', 'warn', '.'] },
];

export function registerCheck(program: Command): void {
	program
		.command('check')
		.summary('lint, types, format and n8n’s rules for nodes')
		.description('Runs every static check, also after one has failed. Ends with 1 when one fails.')
		.option('--report <file>', 'write {passed, failed} as JSON')
		.action(async ({ report }: { report?: string }) => {
			let failed = 0;
			// One after the other: each wants a core and a gigabyte.
			for (const check of CHECKS) if (!(await passes(check))) failed += 1;
			const passed = CHECKS.length - failed;
			if (report !== undefined) await writeFile(report, JSON.stringify({ passed, failed }));
			if (failed === 0) return;
			throw new CommandError(`${failed} of ${CHECKS.length} checks failed.`, {
				advice: '`npm run format` mends the format; the reports above name the rest.',
			});
		});
}

async function passes({ title, run: [program, ...args] }: Check): Promise<boolean> {
	const file = path.join(projectRoot, 'node_modules', '.bin', program);
	let report = '';
	const work = async () => {
		const failure = await new Promise<Error | null>((resolve) => {
			const options = { cwd: projectRoot, maxBuffer: 50_000_000 };
			execFile(file, args, options, (error, stdout, stderr) => {
				report = stdout + stderr;
				resolve(error);
			});
		});
		if (failure !== null) throw new Error('see below', { cause: failure });
		return { result: undefined };
	};
	try {
		await runStep({ title, work });
		return true;
	} catch {
		print(report);
		return false;
	}
}
