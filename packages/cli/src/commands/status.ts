import { stackStatus, type ComponentStatus, type StackStatus } from '@autopilot/stack';
import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { dataOption, jsonOption } from '../options.ts';
import { colour, print, printJson, printTable, size } from '../terminal/print.ts';

export function registerStatus(program: Command): void {
	program
		.command('status')
		.summary('what runs, where, and how much memory it takes')
		.description(
			'Asks every component of the stack. Ends with 0 when all are ready, 1 when one is not, 4 when nothing runs.',
		)
		.addOption(dataOption())
		.addOption(jsonOption())
		.action(async ({ data, json }: { data: string; json?: true }) => {
			const status = await stackStatus(data);
			if (json === true) printJson(status);
			else printStatus(status);
			failUnlessReady(status);
		});
}

function printStatus({ state, dataDir, supervisorPid, startedAt, components, urls }: StackStatus) {
	if (state === 'stopped') return;
	const since = startedAt === undefined ? '' : ` since ${startedAt}`;
	print(
		`${colour('bold', `The stack is ${state}`)}${since}, process ${supervisorPid ?? 'gone'}, data in ${dataDir}`,
	);
	printTable(components.map(rowOf), ['component', 'state', 'pid', 'memory']);
	const total = components.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
	print(colour('dim', `  together ${size(total)}`));
	print();
	printTable(Object.entries(urls).map(([name, url]) => [name, colour('cyan', url)]));
}

function rowOf({ name, state, pid, memoryBytes }: ComponentStatus): string[] {
	const mark = state === 'ready' ? colour('green', '✔ ready') : colour('red', `✗ ${state}`);
	return [name, mark, String(pid), size(memoryBytes)];
}

function failUnlessReady({ state, components, dataDir }: StackStatus): void {
	if (state === 'stopped') {
		throw new CommandError(`Nothing runs in ${dataDir}.`, {
			advice: 'Start it with `./autopilot up`.',
			exitCode: 4,
		});
	}
	if (state === 'orphaned') {
		throw new CommandError('What started these components is gone, so nobody restarts them.', {
			advice: '`./autopilot up` ends them and starts anew; `./autopilot down` only ends them.',
		});
	}
	const bad = components.filter((component) => component.state !== 'ready');
	if (bad.length === 0) return;
	throw new CommandError(`Not ready: ${bad.map(({ name }) => name).join(', ')}.`, {
		advice: `./autopilot logs ${bad[0]?.name ?? ''}`,
	});
}
