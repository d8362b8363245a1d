import { readFile } from 'node:fs/promises';
import { openStack } from '@autopilot/stack';
import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { launchProduct } from '../launch/launch.ts';
import { printSummary, summarise } from '../launch/summary.ts';
import { dataOption, jsonOption } from '../options.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { printJson } from '../terminal/print.ts';
import { showOnStderr } from '../terminal/steps.ts';

export function registerLaunch(program: Command): void {
	program
		.command('launch')
		.summary('launch a product through the running stack')
		.description(
			'Creates the product of a JSON file in the store and follows the workflow product-launch, step by step. The file is the body of POST /api/v1/products: see the store’s /docs, or `autopilot launch --example`. With --json the steps go to stderr.',
		)
		.argument('[product.json]', 'product to launch')
		.option('--example', 'print a product file to begin with')
		.addOption(dataOption())
		.addOption(jsonOption())
		.action(
			async (file: string | undefined, options: { data: string; example?: true; json?: true }) => {
				if (options.example === true) {
					const { sampleProduct } = await import('@autopilot/sample-world');
					printJson(sampleProduct('https://shop.example'));
					return;
				}
				if (file === undefined) {
					throw new CommandError('Which product?', {
						advice: 'autopilot launch PRODUCT.json',
						exitCode: 2,
					});
				}
				if (options.json === true) showOnStderr();
				const body = await readProduct(file);
				const stack = await openStack(options.data);
				const { signal, done } = interruptible(() => process.exit(130));
				try {
					const launch = await launchProduct(stack, body, signal);
					const summary = await summarise(stack, launch);
					if (options.json === true) printJson(summary);
					else printSummary(summary);
				} finally {
					done();
				}
			},
		);
}

async function readProduct(file: string): Promise<unknown> {
	try {
		return JSON.parse(await readFile(file, 'utf8'));
	} catch (error) {
		const detail = error instanceof Error ? error.message : String(error);
		throw new CommandError(`${file} cannot be read: ${detail}`, {
			advice: 'It must be JSON: `./autopilot launch --example > product.json` writes one.',
			exitCode: 2,
			cause: error,
		});
	}
}
