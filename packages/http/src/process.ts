import { setFlagsFromString } from 'node:v8';
import type { Logger } from './logger.ts';

/** How long a process may take to finish what it has begun before it is cut off. */
const SHUTDOWN_MS = 25_000;

/**
 * Runs a process: starts it, and on SIGTERM or SIGINT lets it finish what it has begun.
 * @param start  opens everything and returns how to close it, in the right order
 */
export async function runProcess(
	logger: Logger,
	start: () => Promise<() => Promise<void>>,
): Promise<void> {
	const startedAt = performance.now();
	// V8 lets garbage pile up to several times what is in use; a service lives beside many others on one machine.
	setFlagsFromString('--heap-growing-percent=30');
	const stopAsked = Promise.withResolvers<string>();
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.once(signal, () => stopAsked.resolve(signal));
	}
	process.on('unhandledRejection', (error) => {
		logger.fatal({ err: error }, 'unhandled rejection');
		process.exit(1);
	});
	try {
		const close = await start();
		logger.info({ ms: Math.round(performance.now() - startedAt) }, 'started');
		const signal = await stopAsked.promise;
		logger.info({ signal }, 'stopping');
		const cutOff = setTimeout(() => {
			logger.error('stopping took too long');
			process.exit(1);
		}, SHUTDOWN_MS);
		await close();
		clearTimeout(cutOff);
		logger.info('stopped');
	} catch (error) {
		logger.fatal({ err: error }, 'failed to start or stop');
		process.exitCode = 1;
	}
	// What still holds the event loop now (a keep-alive socket, a pool) has nothing left to do.
	process.exit();
}
