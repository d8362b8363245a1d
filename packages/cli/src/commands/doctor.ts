import { examine, type Finding } from '@autopilot/stack';
import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { dataOption, jsonOption, portBaseOption } from '../options.ts';
import { colour, print, printJson, printTable } from '../terminal/print.ts';

interface DoctorOptions {
	data: string;
	portBase?: number;
	json?: true;
}

const MARKS = { ok: colour('green', '✔'), warning: colour('yellow', '!'), bad: colour('red', '✗') };

export function registerDoctor(program: Command): void {
	program
		.command('doctor')
		.summary('what is missing or broken, with the remedy')
		.description(
			'Looks at programs, disk, memory, ports, settings and the running stack; changes nothing. Ends with 3 when something would not work.',
		)
		.addOption(dataOption())
		.addOption(portBaseOption())
		.addOption(jsonOption())
		.action(async ({ data, portBase, json }: DoctorOptions) => {
			const findings = await examine({ dataDir: data, ...(portBase && { portBase }) });
			if (json === true) printJson({ findings });
			else printFindings(findings);
			const bad = findings.filter(({ state }) => state === 'bad');
			if (bad.length === 0) return;
			throw new CommandError(`${bad.length} things need mending.`, {
				advice: bad.map(({ subject, remedy }) => `${subject}: ${remedy ?? ''}`).join('\n  '),
				exitCode: 3,
			});
		});
}

function printFindings(findings: Finding[]): void {
	printTable(
		findings.map(({ state, subject, detail, remedy }) => [
			`${MARKS[state]} ${subject}`,
			remedy === undefined ? colour('dim', detail) : `${detail}  ${colour('cyan', `→ ${remedy}`)}`,
		]),
	);
	print();
}
