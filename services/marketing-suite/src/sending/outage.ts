import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * What the lanes know of the SMTP server together: when it can't be reached they wait, longer each time, and one of
 * them tries first. No recipient pays for it with an attempt.
 */
export class Outage {
	#failures = 0;
	#until = 0;

	get isOn(): boolean {
		return this.#failures > 0;
	}

	/** @returns true when this is the first failure after it worked */
	failed(): boolean {
		const first = this.#failures === 0;
		// Lanes that were under way when it broke fail all at once; that is one failure.
		if (first || Date.now() >= this.#until) {
			this.#until = Date.now() + Math.min(FIRST_MS * 2 ** this.#failures, LONGEST_MS);
			this.#failures++;
		}
		return first;
	}

	worked(): void {
		this.#failures = 0;
		this.#until = 0;
	}

	/** Waits until it may be tried again. */
	async over(signal: AbortSignal): Promise<void> {
		const left = this.#until - Date.now();
		if (left > 0) await sleep(left, undefined, { signal });
	}
}
