import { randomInt } from 'node:crypto';
import type { Sandbox } from '../sandbox.ts';

/** How webhooks misbehave, as real ones do now and then. Set by PUT /_sandbox/webhooks. */
export interface Disturbance {
	/** Further copies of each delivery. */
	copies: number;
	/** Each delivery waits this long, plus up to `jitterMs` by chance: that changes the order. */
	delayMs: number;
	jitterMs: number;
	/** Share of first attempts that get lost on the way; the retry comes through. */
	dropRate: number;
	/** Types that are never sent at all. */
	dropTypes: string[];
	/** Nothing is sent until POST /_sandbox/webhooks/release. */
	hold: boolean;
}

/** No disturbance. */
export const CALM: Disturbance = {
	copies: 0,
	delayMs: 0,
	jitterMs: 0,
	dropRate: 0,
	dropTypes: [],
	hold: false,
};

/** Endpoint id of Razorpay's webhook; its URL and secret come from the environment. */
export const RAZORPAY_ENDPOINT = 'razorpay';

interface Queued {
	event: string;
	endpoint: string;
	body: string;
	type: string;
}

/** Puts a delivery into the queue, in the caller's transaction; the sender takes it after the commit. */
export function enqueue({ state }: Sandbox, { event, endpoint, body, type }: Queued): void {
	const disturbance = state.setting('webhooks', CALM);
	if (disturbance.dropTypes.includes(type)) return;
	for (let copy = 0; copy <= disturbance.copies; copy += 1) {
		const jitter = disturbance.jitterMs > 0 ? randomInt(disturbance.jitterMs + 1) : 0;
		state
			.sql(
				'INSERT INTO deliveries (event, endpoint, body, attempt, due, held) VALUES (?, ?, ?, 0, ?, ?)',
			)
			.run(
				event,
				endpoint,
				body,
				Date.now() + disturbance.delayMs + jitter,
				disturbance.hold ? 1 : 0,
			);
	}
}
