import type { Stack, StackOptions } from '@autopilot/stack';
import { Interrupted } from './exit.ts';
import { bootVisibly } from './terminal/boot.ts';
import { aborted, interruptible } from './terminal/interrupt.ts';
import { colour, print } from './terminal/print.ts';
import { runStep } from './terminal/steps.ts';

export interface StackChoice {
	data: string;
	portBase?: number;
	only?: string[];
	sampleWorld?: true;
}

interface Running {
	stack: Stack;
	/** Aborted by Ctrl-C and SIGTERM. */
	signal: AbortSignal;
	untilInterrupted(): Promise<void>;
}

/**
 * Boots a stack, does some work with it, and stops it whatever happens. Ctrl-C during the boot or the work ends both
 * in order, a second one by force.
 */
export async function withStack(
	choice: StackChoice,
	work: (running: Running) => Promise<void>,
): Promise<void> {
	let stack: Stack | undefined;
	const { signal, done } = interruptible(() => void stack?.stop({ force: true }));
	const stopped = Promise.withResolvers<never>();
	stopped.promise.catch(() => undefined);
	let staysUp = false;
	try {
		stack = await bootVisibly(optionsOf(choice, signal));
		const untilInterrupted = async () => {
			staysUp = true;
			await aborted(signal);
		};
		signal.addEventListener('abort', () => stopped.reject(signal.reason), { once: true });
		await Promise.race([work({ stack, signal, untilInterrupted }), stopped.promise]);
	} catch (error) {
		// Ctrl-C is how a stack that stays up is meant to end; before that it is an interruption.
		if (!signal.aborted) throw error;
		if (!staysUp) throw new Interrupted('interrupted', { cause: error });
	} finally {
		if (stack !== undefined) await stopVisibly(stack);
		done();
	}
}

function optionsOf(choice: StackChoice, signal: AbortSignal): StackOptions {
	return {
		dataDir: choice.data,
		signal,
		...(choice.portBase === undefined ? {} : { portBase: choice.portBase }),
		...(choice.only === undefined ? {} : { only: choice.only }),
		...(choice.sampleWorld === undefined ? {} : { sampleWorld: true }),
	};
}

async function stopVisibly(stack: Stack): Promise<void> {
	print();
	await runStep({
		title: 'Stopping',
		async work() {
			await stack.stop();
			return { note: colour('dim', 'all processes ended, data kept'), result: undefined };
		},
	});
}
