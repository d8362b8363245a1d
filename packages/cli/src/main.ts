import { exitCodeOf, reportError } from './exit.ts';
import { buildProgram } from './program.ts';

// Process: one command, then the exit code that says how it went.
try {
	await buildProgram().parseAsync();
} catch (error) {
	reportError(error);
	process.exitCode = exitCodeOf(error);
}
