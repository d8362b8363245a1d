import { StackError } from '@autopilot/stack';
import { DeployError } from '@autopilot/workflow-deploy';
import { CommanderError } from 'commander';
import { colour, printError } from './terminal/print.ts';

/** What the exit codes mean; shown by `--help`. */
export const EXIT_CODES = `Exit codes:
  0    done
  1    it failed; the message says what and what to do
  2    the command line was wrong
  3    this machine lacks something, or a port is taken (see: autopilot doctor)
  4    no stack runs in this data folder, or one runs already
  130  interrupted by Ctrl-C`;

/** A failure of a command, in words for the operator. */
export class CommandError extends Error {
	readonly advice: string;
	readonly exitCode: number;

	constructor(message: string, options: { advice: string; exitCode?: number; cause?: unknown }) {
		super(message, { cause: options.cause });
		this.name = 'CommandError';
		this.advice = options.advice;
		this.exitCode = options.exitCode ?? 1;
	}
}

/** Thrown when the operator has pressed Ctrl-C. */
export class Interrupted extends Error {
	override name = 'Interrupted';
}

export function exitCodeOf(error: unknown): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
	if (error instanceof Interrupted) return 130;
	if (error instanceof CommandError) return error.exitCode;
	if (error instanceof DeployError) {
		return error.code === 'bad-environment' || error.code === 'bad-file' ? 2 : 1;
	}
	if (!(error instanceof StackError)) return 1;
	switch (error.code) {
		case 'missing-program':
		case 'port-taken':
		case 'install-failed':
			return 3;
		case 'already-running':
		case 'not-running':
			return 4;
		case 'unknown-component':
		case 'bad-setting':
			return 2;
		default:
			return 1;
	}
}

/** Says on stderr what went wrong and what to do about it. Commander has told its own errors already. */
export function reportError(error: unknown): void {
	if (error instanceof CommanderError || error instanceof Interrupted) return;
	if (
		error instanceof StackError ||
		error instanceof CommandError ||
		error instanceof DeployError
	) {
		printError(`${colour('red', '✗')} ${error.message}`);
		printError(`  ${error.advice}`);
		return;
	}
	// Not foreseen: whoever mends it needs the stack.
	printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
