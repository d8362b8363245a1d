import type { Logger } from '@autopilot/http';
import type { Database, Tx } from '@autopilot/postgres';
import { applyAlone, applyEvents, type EffectParts, type Outcome } from './apply.ts';
import { NeedsFetch, NotYet } from './errors.ts';
import {
	acknowledge,
	type ClaimedEvent,
	claimEvent,
	claimEvents,
	INBOX_CHANNEL,
	recordFailure,
	storeFetched,
} from './store.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Between attempts of an event that failed; after the last it is dead and waits for an operator. */
const RETRY_DELAYS_MS = [SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR];
/** Of one about something that has not been heard of yet; after the last it was not meant for us. */
const UNKNOWN_DELAYS_MS = [300, SECOND, 5 * SECOND, 30 * SECOND, 5 * MINUTE];
const POLL_MS = SECOND;

export interface InboxWorkerOptions extends EffectParts {
	db: Database;
	logger: Logger;
	/** Transactions under way at once; 1 by default. */
	lanes?: number;
	/**
	 * Objects whose events are handled in one transaction; 16 by default, so that an order costs a sixteenth of a commit.
	 * Lanes that commit several orders each wait for each other's stock: more of one is less of the other.
	 */
	batch?: number;
	/** Instead of the standard schedule, for tests that cannot wait for it. */
	retryDelaysMs?: readonly number[];
	/** Told when an event's effects are in the transaction, just before they are acknowledged: tests die here. */
	onEffects?: (event: ClaimedEvent) => void | Promise<void>;
}

/**
 * Works off the inbox until it is closed. Any number of these may run: an event is locked while one is at it, and its
 * effects commit together with its acknowledgement.
 * @returns closes it, after what is under way has ended
 */
export async function startInboxWorker(options: InboxWorkerOptions): Promise<() => Promise<void>> {
	return new InboxWorker(options).start();
}

class InboxWorker {
	readonly #options: InboxWorkerOptions;
	readonly #lanes = new Set<Promise<void>>();
	#wakeups = 0;
	#closed = false;

	constructor(options: InboxWorkerOptions) {
		this.#options = options;
	}

	async start(): Promise<() => Promise<void>> {
		const unlisten = await this.#options.db.listen(INBOX_CHANNEL, () => this.#wake());
		const poll = setInterval(() => this.#wake(), POLL_MS);
		this.#wake();
		return async () => {
			this.#closed = true;
			clearInterval(poll);
			await unlisten();
			await Promise.all(this.#lanes);
		};
	}

	#wake(): void {
		this.#wakeups++;
		this.#openLane();
	}

	// A lane that finds work opens the next one: an idle shop is asked for by one query, a busy one by all lanes.
	#openLane(): void {
		if (this.#closed || this.#lanes.size >= (this.#options.lanes ?? 1)) return;
		const lane: Promise<void> = this.#work()
			.catch((error: unknown) =>
				this.#options.logger.error({ err: error }, 'the gateway inbox could not be read'),
			)
			.finally(() => this.#lanes.delete(lane));
		this.#lanes.add(lane);
	}

	async #work(): Promise<void> {
		while (!this.#closed) {
			const seen = this.#wakeups;
			const found = await this.#step();
			if (found > 0) this.#openLane();
			else if (seen === this.#wakeups) return;
		}
	}

	/** @returns how many events were found */
	async #step(): Promise<number> {
		const { db } = this.#options;
		let claimed: ClaimedEvent[] = [];
		try {
			await db.transaction(async (tx) => {
				claimed = await claimEvents(tx, this.#options.batch ?? 16);
				if (claimed.length === 0) return;
				await this.#acknowledge(tx, claimed, await applyEvents(tx, claimed, this.#options));
			});
		} catch (error) {
			if (claimed.length === 0) throw error;
			// One has failed, and the transaction with it: each gets one of its own.
			await this.#oneByOne(claimed);
		}
		return claimed.length;
	}

	async #oneByOne(events: readonly ClaimedEvent[]): Promise<void> {
		const left = new Set<string>();
		for (const { id, objectKey } of events) {
			// Another worker has begun with the object meanwhile: it goes on with it, or its later events overtook this one.
			if (!left.has(objectKey) && !(await this.#alone(id))) left.add(objectKey);
		}
	}

	/** @returns false when somebody else is at it */
	async #alone(id: string): Promise<boolean> {
		let event: ClaimedEvent | undefined;
		try {
			await this.#options.db.transaction(async (tx) => {
				event = await claimEvent(tx, id);
				if (event === undefined) return;
				await this.#acknowledge(tx, [event], await applyAlone(tx, event, this.#options));
			});
		} catch (error) {
			if (event === undefined) throw error;
			await this.#failed(event, error);
		}
		return event !== undefined;
	}

	async #acknowledge(
		tx: Tx,
		events: readonly ClaimedEvent[],
		states: readonly Outcome[],
	): Promise<void> {
		for (const event of events) await this.#options.onEffects?.(event);
		await acknowledge(
			tx,
			events.map(({ id }, index) => ({ id, state: states[index] ?? 'ignored' })),
		);
	}

	async #failed(event: ClaimedEvent, error: unknown): Promise<void> {
		const { db, gateways, logger } = this.#options;
		if (error instanceof NeedsFetch && event.fetched === null) {
			try {
				const at = new Date();
				const object = await gateways.pick(event.gateway).fetch(event);
				await storeFetched(db, event.id, { object, at });
				this.#wake();
				return;
			} catch (fetchError) {
				return this.#failed(
					event,
					new Error('The object could not be fetched.', { cause: fetchError }),
				);
			}
		}
		const unknown = error instanceof NotYet;
		const delays = unknown ? UNKNOWN_DELAYS_MS : (this.#options.retryDelaysMs ?? RETRY_DELAYS_MS);
		const delayMs = delays[event.attempts];
		const facts = { event: event.externalId, type: event.type, attempt: event.attempts + 1 };
		if (!unknown) logger.error({ err: error, ...facts }, 'a gateway event was not handled');
		await recordFailure(db, event.id, {
			error: textOf(error),
			delayMs,
			last: unknown ? 'ignored' : 'dead',
		});
		if (delayMs !== undefined && delayMs < POLL_MS) {
			setTimeout(() => this.#wake(), delayMs + 5).unref();
		}
	}
}

function textOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}
