import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../sandbox.ts';
import { StripeError } from '../wire/error.ts';

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

/** Replaces what was planned before. */
export function planFailure(sandbox: Sandbox, failure: Failure): void {
	planned.set(sandbox, failure);
}

/** The failure that a request of this path is to have, if any; it counts as one of the planned ones. */
export function takeFailure(sandbox: Sandbox, url: string): Failure | undefined {
	const failure = planned.get(sandbox);
	if (failure === undefined || failure.next <= 0 || !url.startsWith(failure.path)) return undefined;
	planned.set(sandbox, { ...failure, next: failure.next - 1 });
	return failure;
}

/** Fails as it was told to: breaks the connection, or answers with an error. */
export async function misbehave(
	failure: Failure,
	reply: FastifyReply,
	requestId: string,
): Promise<unknown> {
	if (failure.status === 'reset') {
		reply.hijack();
		reply.raw.destroy();
		return undefined;
	}
	if (failure.shouldRetry !== undefined) {
		reply.header('stripe-should-retry', String(failure.shouldRetry));
	}
	const error = new StripeError(failure.status, 'The payment sandbox was told to fail.', {
		type: failure.status >= 500 ? 'api_error' : 'invalid_request_error',
		...(failure.status === 429 ? { code: 'rate_limit' } : {}),
	});
	return await reply
		.code(failure.status)
		.type('application/json')
		.send(JSON.stringify(error.body(requestId)));
}
