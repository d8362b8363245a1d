import { z } from 'zod';
import type { Sandbox } from '../sandbox.ts';

/** Makes the next requests fail: for tests of retries. Set by POST /_sandbox/failures. */
export const failureSchema = z.strictObject({
	/** How many requests fail. */
	next: z.int().min(0).max(1000).default(1),
	/** An HTTP status, or `reset` for a connection that breaks off without an answer. */
	status: z.union([z.int().min(400).max(599), z.literal('reset')]).default(500),
	/** Before anything was done, or after all of it was: the answer gets lost. */
	when: z.enum(['before', 'after']).default('before'),
	/** Requests whose path begins so; all when not given. */
	path: z.string().default('/v1/'),
	/** Value of the Stripe-Should-Retry header; none when not given. */
	shouldRetry: z.boolean().optional(),
});
type Failure = z.output<typeof failureSchema>;

const planned = new WeakMap<Sandbox, Failure>();

export function planFailure(sandbox: Sandbox, failure: Failure): void {
	planned.set(sandbox, failure);
}

export function takeFailure(sandbox: Sandbox, url: string): Failure | undefined {
	const failure = planned.get(sandbox);
	if (failure === undefined || failure.next <= 0 || !url.startsWith(failure.path)) return undefined;
	planned.set(sandbox, { ...failure, next: failure.next - 1 });
	return failure;
}
