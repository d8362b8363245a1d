import { Interrupted } from '../exit.ts';

/**
 * Ctrl-C and SIGTERM as an abort signal instead of an instant death, so that children can be stopped first.
 * The second one means "now": `onInsist` is called.
 */
export function interruptible(onInsist: () => void): { signal: AbortSignal; done(): void } {
	const controller = new AbortController();
	const heard = () => {
		if (controller.signal.aborted) onInsist();
		else controller.abort(new Interrupted('interrupted'));
	};
	process.on('SIGINT', heard).on('SIGTERM', heard).on('SIGHUP', heard);
	return {
		signal: controller.signal,
		done() {
			process.off('SIGINT', heard).off('SIGTERM', heard).off('SIGHUP', heard);
		},
	};
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => {
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
