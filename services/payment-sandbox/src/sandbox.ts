import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import type { State } from './state/state.ts';
import { recordEvent } from './webhooks/events.ts';
import type { StripeObject } from './state/kinds.ts';

/** Stripe's version that the sandbox speaks: the one stripe-node 23.1 is pinned to. */
export const API_VERSION = '2026-10-28.endive';

/** The request that is being carried out, as events remember it. */
export interface Cause {
	requestId: string;
	idempotencyKey: string | null;
}

/** What every function of the sandbox works with. */
export interface Sandbox {
	config: Config;
	state: State;
	cause: Cause | undefined;
	/** Razorpay's calls and webhooks are on when its key is set. */
	wake(): void;
}

/** An id as Stripe's look: a prefix and 24 hexadecimal digits. */
export function newId(prefix: string): string {
	return `${prefix}_${randomBytes(12).toString('hex')}`;
}

/** Seconds by which `/_sandbox/clock` has moved the world's clock ahead of this machine's. */
export function offsetOf({ state }: Sandbox): number {
	return state.setting('clock-offset', 0);
}

/** Now in Unix seconds: of a test clock, or of the world. */
export function nowOf(sandbox: Sandbox, testClock: string | null = null): number {
	if (testClock !== null) {
		const clock = sandbox.state.get('test_helpers.test_clock', testClock);
		if (clock !== undefined) return clock.frozen_time;
	}
	return Math.floor(Date.now() / 1000) + offsetOf(sandbox);
}

/** Keeps a new or changed object and tells of it. */
export function save(
	sandbox: Sandbox,
	object: StripeObject,
	event?: string,
	previous?: Record<string, unknown>,
): void {
	sandbox.state.put(object);
	if (event !== undefined) recordEvent(sandbox, event, object, previous);
}
