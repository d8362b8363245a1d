import { Command } from 'commander';
import { registerCheck } from './commands/check.ts';
import { registerDeliveries } from './commands/deliveries.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerDown } from './commands/down.ts';
import { registerKeys } from './commands/keys.ts';
import { registerLaunch } from './commands/launch.ts';
import { registerLogs } from './commands/logs.ts';
import { registerStatus } from './commands/status.ts';
import { registerTest } from './commands/test.ts';
import { registerUp } from './commands/up.ts';
import { EXIT_CODES } from './exit.ts';
import { registerWorkflows } from './workflows/index.ts';

/** The `autopilot` command line: one file per command under commands/. */
export function buildProgram(): Command {
	const program = new Command('autopilot')
		.description('A self-hosted automation business on n8n: store, research, video and marketing.')
		.helpCommand('help [command]', 'help for a command')
		.configureHelp({ showGlobalOptions: true })
		.addHelpText('after', `\n${EXIT_CODES}`)
		// main.ts ends the process, once everything that was started has been stopped.
		.exitOverride();
	registerDemo(program);
	registerUp(program);
	registerDown(program);
	registerStatus(program);
	registerLogs(program);
	registerLaunch(program);
	registerWorkflows(program);
	registerKeys(program);
	registerDeliveries(program);
	registerDoctor(program);
	registerTest(program);
	registerCheck(program);
	return program;
}
