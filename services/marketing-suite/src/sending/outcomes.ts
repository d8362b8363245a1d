import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, recordOutcomes } from './outcomes-store.ts';

const RETRY_MS = 500;
/** Statements at once: while one waits for the disk, the next is being filled. */
const WRITERS = 2;

interface Entry {
	outcome: Outcome;
	done: () => void;
}

/**
 * Writes outcomes to the ledger as soon as they are known. While statements commit, further outcomes gather for the
 * next: at a high rate several mails share a commit, and yet no outcome waits for a timer, and no lane goes on before
 * its own is committed.
 */
export class OutcomeWriter {
	readonly #db: Database;
	readonly #logger: Logger;
	#entries: Entry[] = [];
	#writing = 0;

	constructor(db: Database, logger: Logger) {
		this.#db = db;
		this.#logger = logger;
	}

	/** Resolves when it is committed. A database that is away is waited for: the outcome is known only here. */
	write(outcome: Outcome): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#entries.push({ outcome, done: resolve });
		if (this.#writing < WRITERS) void this.#drain();
		return promise;
	}

	async #drain(): Promise<void> {
		this.#writing++;
		while (this.#entries.length > 0) {
			// What has come in by the same look at the sockets goes into the same statement.
			await setImmediate();
			const batch = this.#entries;
			this.#entries = [];
			if (batch.length === 0) continue;
			try {
				await recordOutcomes(
					this.#db,
					batch.map(({ outcome }) => outcome),
				);
				for (const { done } of batch) done();
			} catch (error) {
				this.#logger.warn({ err: error, outcomes: batch.length }, 'outcomes not recorded yet');
				this.#entries.unshift(...batch);
				await sleep(RETRY_MS);
			}
		}
		this.#writing--;
	}
}
