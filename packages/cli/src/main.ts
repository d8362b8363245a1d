import { exitCodeOf, reportError } from './exit.ts';
import { buildProgram } from './program.ts';

// `autopilot status | head` closes the pipe early; a stack that is up must not die of that.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error) => {
		if (!('code' in error && error.code === 'EPIPE')) throw error;
	});
}

// Process: one command, then the exit code that says how it went.
try {
	await buildProgram().parseAsync();
} catch (error) {
	reportError(error);
	process.exitCode = exitCodeOf(error);
}
