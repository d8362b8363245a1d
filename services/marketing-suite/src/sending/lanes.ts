import { setImmediate } from 'node:timers/promises';

/**
 * As many mails may be under way as there are SMTP connections. A lane is taken before a recipient is claimed and
 * given back when the outcome is in the database, so a crash leaves no more than this many uncertain.
 */
export class Lanes {
	#free: number;
	readonly #waiting: (() => void)[] = [];

	constructor(count: number) {
		this.#free = count;
	}

	/** Waits for a free lane. @returns how many are taken, at least 1 and at most `wanted` */
	async take(wanted: number, signal: AbortSignal): Promise<number> {
		while (this.#free === 0) {
			await this.#freed(signal);
			// Lanes come free together, when a transaction commits; they are worth one claim, not one each.
			await setImmediate();
		}
		signal.throwIfAborted();
		const taken = Math.min(wanted, this.#free);
		this.#free -= taken;
		return taken;
	}

	giveBack(count: number): void {
		if (count === 0) return;
		this.#free += count;
		for (const wake of this.#waiting.splice(0)) wake();
	}

	#freed(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const onAbort = () => reject(signal.reason);
		signal.addEventListener('abort', onAbort, { once: true });
		this.#waiting.push(resolve);
		return promise.finally(() => signal.removeEventListener('abort', onAbort));
	}
}
