import { spawn } from 'node:child_process';
import { installForTests, projectRoot } from '@autopilot/stack';
import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { colour } from '../terminal/print.ts';
import { runStep } from '../terminal/steps.ts';

export function registerTest(program: Command): void {
	program
		.command('test')
		.summary('install what the tests need, then run them')
		.description(
			'Installs n8n into the cache folder (once), compiles the node package, and runs Jest with all further arguments: ./autopilot test services/store -t cursor',
		)
		.argument('[jest...]', 'arguments for Jest')
		.helpOption(false)
		.allowUnknownOption()
		.action(async (jest: string[]) => {
			await runStep({
				title: 'n8n and node package',
				async work(line) {
					const version = await installForTests((detail) => line.detail(detail));
					return { note: colour('dim', version), result: undefined };
				},
			});
			const code = await runJest(jest);
			if (code === 0) return;
			throw new CommandError('Tests failed.', {
				advice: 'The report above says which.',
				exitCode: 1,
			});
		});
}

function runJest(args: string[]): Promise<number> {
	return new Promise((resolve, reject) => {
		const jest = spawn(
			process.execPath,
			['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...args],
			{ cwd: projectRoot, stdio: 'inherit' },
		);
		// Ctrl-C reaches Jest by itself, being in the same terminal; SIGTERM has to be handed on.
		const handOn = () => void jest.kill('SIGTERM');
		const wait = () => undefined;
		process.on('SIGTERM', handOn).on('SIGINT', wait);
		jest.once('error', reject);
		jest.once('exit', (code) => {
			process.off('SIGTERM', handOn).off('SIGINT', wait);
			resolve(code ?? 1);
		});
	});
}
