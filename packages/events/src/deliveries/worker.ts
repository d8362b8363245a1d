import { EgressDenied, type Egress } from '@autopilot/egress';
import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { DELIVERIES_CHANNEL } from '../outbox/outbox.ts';
import { sign } from '../signature.ts';
import {
	type ClaimedDelivery,
	claimDue,
	deleteOld,
	disableEndpoint,
	type Failure,
	markDead,
	markDelivered,
	markForRetry,
} from './store.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Time between attempts: more than a day in all, so that a receiver may be down over night. */
export const RETRY_DELAYS_MS = [
	5 * SECOND,
	30 * SECOND,
	2 * MINUTE,
	10 * MINUTE,
	HOUR,
	6 * HOUR,
	24 * HOUR,
];
// A flow that starts a job may be called back before it has gone to wait: ask again soon, then as ever.
const CALLBACK_DELAYS_MS = [300, SECOND, 2 * SECOND, ...RETRY_DELAYS_MS];
const JITTER = 0.2;
const MAX_RETRY_AFTER_MS = 24 * HOUR;
const ATTEMPT_TIMEOUT_MS = 15 * SECOND;
const LEASE_SECONDS = 60;
const POLL_MS = SECOND;
const KEEP_DAYS = 30;

export interface DeliveryWorkerOptions {
	db: Database;
	egress: Egress;
	logger: Logger;
	/** Deliveries under way at once; 16 by default. */
	concurrency?: number;
	/** Instead of the standard schedule, for tests that cannot wait for it. */
	retryDelaysMs?: number[];
}

/**
 * Posts what is due until it is closed. Any number of these may run; each delivery is made by one of them.
 * @returns closes it, after what is under way has ended
 */
export async function startDeliveryWorker(
	options: DeliveryWorkerOptions,
): Promise<() => Promise<void>> {
	const worker = new DeliveryWorker(options);
	return worker.start();
}

class DeliveryWorker {
	readonly #options: DeliveryWorkerOptions;
	readonly #concurrency: number;
	readonly #underWay = new Set<Promise<void>>();
	#pumping: Promise<void> | undefined;
	#wanted = false;
	#closed = false;

	constructor(options: DeliveryWorkerOptions) {
		this.#options = options;
		this.#concurrency = options.concurrency ?? 16;
	}

	async start(): Promise<() => Promise<void>> {
		const { db } = this.#options;
		const unlisten = await db.listen(DELIVERIES_CHANNEL, () => this.#wake());
		const poll = setInterval(() => this.#wake(), POLL_MS);
		const cleaning = setInterval(() => void this.#clean(), HOUR);
		this.#wake();
		return async () => {
			this.#closed = true;
			clearInterval(poll);
			clearInterval(cleaning);
			await unlisten();
			await this.#pumping;
			await Promise.all(this.#underWay);
		};
	}

	#wake(): void {
		this.#wanted = true;
		if (this.#closed || this.#pumping !== undefined) return;
		this.#pumping = this.#pump()
			.catch((error: unknown) =>
				this.#options.logger.error({ err: error }, 'deliveries could not be read'),
			)
			.finally(() => {
				this.#pumping = undefined;
			});
	}

	async #pump(): Promise<void> {
		while (this.#wanted && !this.#closed) {
			const limit = this.#concurrency - this.#underWay.size;
			if (limit === 0) return;
			this.#wanted = false;
			const claimed = await claimDue(this.#options.db, { limit, leaseSeconds: LEASE_SECONDS });
			for (const delivery of claimed) this.#run(delivery);
			if (claimed.length === limit) this.#wanted = true;
		}
	}

	// The end of one makes place for another, and lets the next event of its aggregate go.
	#run(delivery: ClaimedDelivery): void {
		const run: Promise<void> = this.#deliver(delivery)
			.catch((error: unknown) =>
				this.#options.logger.error({ err: error, delivery: delivery.id }, 'delivery not recorded'),
			)
			.finally(() => {
				this.#underWay.delete(run);
				this.#wake();
			});
		this.#underWay.add(run);
	}

	async #deliver(delivery: ClaimedDelivery): Promise<void> {
		const { db, logger } = this.#options;
		const outcome = await this.#post(delivery);
		const { correlationId, url } = delivery;
		if (outcome.kind === 'delivered') {
			await markDelivered(db, delivery.id, outcome.status);
			return;
		}
		const { failure } = outcome;
		logger.warn({ correlationId, host: new URL(url).host, ...failure }, 'delivery failed');
		if (failure.status === 410 && delivery.endpointId !== null) {
			await disableEndpoint(db, delivery.endpointId, 'The receiver answered 410 Gone.');
			return;
		}
		const delayMs = this.#delayMs(delivery, outcome.retryAfterMs);
		if (outcome.final || delayMs === undefined) await markDead(db, delivery.id, failure);
		else {
			await markForRetry(db, delivery.id, { ...failure, delayMs });
			// A worker that is closed meanwhile must not be waited for.
			if (delayMs < POLL_MS) setTimeout(() => this.#wake(), delayMs).unref();
		}
	}

	#delayMs(delivery: ClaimedDelivery, retryAfterMs: number): number | undefined {
		const standard = delivery.payload.kind === 'callback' ? CALLBACK_DELAYS_MS : RETRY_DELAYS_MS;
		const delay = (this.#options.retryDelaysMs ?? standard)[delivery.attempts - 1];
		if (delay === undefined) return undefined;
		const jittered = delay * (1 - JITTER + 2 * JITTER * Math.random());
		return Math.max(jittered, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
	}

	async #post(delivery: ClaimedDelivery): Promise<Outcome> {
		const { payload, correlationId } = delivery;
		const body = JSON.stringify(bodyOf(delivery));
		const id = payload.kind === 'event' ? payload.id : delivery.id;
		const timestamp = Math.floor(Date.now() / 1000);
		try {
			const answer = await this.#options.egress.fetch(delivery.url, {
				method: 'POST',
				headers: {
					'content-type': 'application/json',
					'x-correlation-id': correlationId,
					...sign({ id, timestamp, body }, delivery.secrets),
				},
				body,
				timeoutMs: ATTEMPT_TIMEOUT_MS,
				maxBytes: 64 * 1024,
			});
			return outcomeOf(answer.status, answer.headers['retry-after']);
		} catch (error) {
			const text = error instanceof Error ? error.message : String(error);
			// The operator's allow-list refuses this target; asking again changes nothing.
			const final = error instanceof EgressDenied;
			return { kind: 'failed', failure: { status: null, error: text }, retryAfterMs: 0, final };
		}
	}

	async #clean(): Promise<void> {
		await deleteOld(this.#options.db, KEEP_DAYS).catch((error: unknown) =>
			this.#options.logger.error({ err: error }, 'old deliveries could not be deleted'),
		);
	}
}

type Outcome =
	| { kind: 'delivered'; status: number }
	| { kind: 'failed'; failure: Failure; retryAfterMs: number; final: boolean };

function outcomeOf(status: number, retryAfter: unknown): Outcome {
	if (status >= 200 && status < 300) return { kind: 'delivered', status };
	const failure = { status, error: `The receiver answered ${status}.` };
	return { kind: 'failed', failure, retryAfterMs: parseRetryAfter(retryAfter), final: false };
}

/** Milliseconds of a Retry-After header, which is either seconds or a date (RFC 9110, 10.2.3). */
export function parseRetryAfter(header: unknown, now: number = Date.now()): number {
	if (typeof header !== 'string') return 0;
	const ms = /^\d+$/.test(header) ? Number(header) * SECOND : Date.parse(header) - now;
	return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function bodyOf({ payload, correlationId }: ClaimedDelivery): unknown {
	if (payload.kind === 'callback') return payload.body;
	const { id, type, timestamp, seq, aggregate, data } = payload;
	return { id, type, timestamp, seq, aggregate, correlationId, apiVersion: 'v1', data };
}
