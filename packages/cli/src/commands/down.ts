import { stopStack } from '@autopilot/stack';
import type { Command } from 'commander';
import { dataOption, jsonOption } from '../options.ts';
import { colour, print, printJson } from '../terminal/print.ts';
import { runStep } from '../terminal/steps.ts';

export function registerDown(program: Command): void {
	program
		.command('down')
		.summary('stop the stack, also one whose command line was killed')
		.description(
			'Stops the stack of the data folder in order and keeps its data. Also ends what a killed command line left behind. Nothing running is not an error.',
		)
		.addOption(dataOption())
		.addOption(jsonOption())
		.action(async ({ data, json }: { data: string; json?: true }) => {
			if (json === true) {
				printJson({ stopped: await stopStack(data) });
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
			if (stopped) print(colour('dim', `  data is kept in ${data}`));
		});
}
