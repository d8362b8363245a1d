import { emit } from '@autopilot/events';
import type { Logger } from '@autopilot/http';
import type { Database, Tx } from '@autopilot/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, type Recorded, recordOutcomes } from './ledger.ts';

const RETRY_MS = 500;

interface Entry {
	outcome: Outcome;
	correlationId: string;
	done: () => void;
}

/**
 * Writes outcomes to the ledger as soon as they are known. While one transaction commits, further outcomes gather for
 * the next: at a high rate several mails share a commit, and yet no outcome waits for a timer, and no lane goes on
 * before its own is committed.
 */
export class OutcomeWriter {
	readonly #db: Database;
	readonly #logger: Logger;
	#entries: Entry[] = [];
	#writing = false;

	constructor(db: Database, logger: Logger) {
		this.#db = db;
		this.#logger = logger;
	}

	/** Resolves when it is committed. A database that is away is waited for: the outcome is known only here. */
	write(outcome: Outcome, correlationId: string): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#entries.push({ outcome, correlationId, done: resolve });
		if (!this.#writing) void this.#drain();
		return promise;
	}

	async #drain(): Promise<void> {
		this.#writing = true;
		while (this.#entries.length > 0) {
			const batch = this.#entries;
			this.#entries = [];
			try {
				await this.#db.transaction((tx) => record(tx, batch));
				for (const { done } of batch) done();
			} catch (error) {
				this.#logger.warn({ err: error, outcomes: batch.length }, 'outcomes not recorded yet');
				this.#entries.unshift(...batch);
				await sleep(RETRY_MS);
			}
		}
		this.#writing = false;
	}
}

async function record(tx: Tx, batch: Entry[]): Promise<void> {
	const correlationIds = new Map(batch.map((entry) => [entry.outcome.id, entry.correlationId]));
	for (const recorded of await recordOutcomes(
		tx,
		batch.map(({ outcome }) => outcome),
	)) {
		await tell(tx, recorded, correlationIds.get(recorded.id) ?? recorded.campaignId);
	}
}

async function tell(tx: Tx, recorded: Recorded, correlationId: string): Promise<void> {
	const { id, campaignId, contactId, email, state, error, attempt } = recorded;
	if (state !== 'sent' && state !== 'failed') return;
	await emit(tx, {
		type: `email.${state}`,
		aggregate: { type: 'email', id },
		data: {
			...{ recipientId: id, campaignId, contactId, email, attempt },
			...(state === 'failed' ? { error } : {}),
		},
		correlationId,
	});
}
