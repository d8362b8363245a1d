import { deleteStack, stopStack } from '@autopilot/stack';
import type { Command } from 'commander';
import { dataOption, jsonOption } from '../options.ts';
import { colour, print, printJson } from '../terminal/print.ts';
import { runStep } from '../terminal/steps.ts';

interface DownOptions {
	data: string;
	json?: true;
	deleteData?: true;
}

export function registerDown(program: Command): void {
	program
		.command('down')
		.summary('stop the stack, also one whose command line was killed')
		.description(
			'Stops the stack of the data folder in order and keeps its data. Also ends what a killed command line left behind. Nothing running is not an error.',
		)
		.addOption(dataOption())
		.addOption(jsonOption())
		.option('--delete-data', 'then delete the data folder: databases, mails, videos, secrets')
		.action(async ({ data, json, deleteData }: DownOptions) => {
			if (json === true) {
				const stopped = await stopStack(data);
				if (deleteData === true) await deleteStack(data);
				printJson({ stopped, deleted: deleteData === true });
				return;
			}
			const stopped = await runStep({
				title: 'Stopping',
				async work() {
					const result = await stopStack(data);
					return {
						note: colour('dim', result ? 'all processes ended' : 'nothing was running'),
						result,
					};
				},
			});
			if (deleteData === true) await deleteStack(data);
			const kept = deleteData === true ? `deleted ${data}` : `data is kept in ${data}`;
			if (stopped || deleteData === true) print(colour('dim', `  ${kept}`));
		});
}
