import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Sandbox } from '../sandbox.ts';
import { asStripeError, StripeError } from './error.ts';

/** A request that was carried out, as it is answered. */
export interface Ended {
	status: number;
	text: string;
}

/** Carries out a request that has no key, in one transaction. */
export function once(
	sandbox: Sandbox,
	{ requestId, key }: { requestId: string; key: string | null },
	run: () => object,
): Ended {
	sandbox.cause = { requestId, idempotencyKey: key };
	try {
		const result = sandbox.state.atomically(
			run,
			(error) => error instanceof StripeError && error.keepsEffects,
		);
		return { status: 200, text: JSON.stringify(result) };
	} finally {
		sandbox.cause = undefined;
	}
}

/**
 * The first answer to a key is the answer for 24 hours, errors of the execution included. Parameters that were refused
 * before anything ran leave no trace.
 */
export function replayable(
	sandbox: Sandbox,
	call: {
		request: FastifyRequest;
		requestId: string;
		key: string;
		body: string;
		reply: FastifyReply;
	},
	prepare: () => () => object,
): Ended {
	const { request, requestId, key, body, reply } = call;
	if (key.length > 255) {
		throw new StripeError(400, 'Idempotency keys are at most 255 characters long.', {
			type: 'idempotency_error',
		});
	}
	const { state } = sandbox;
	const fingerprint = createHash('sha1').update(`${request.url}\n${body}`).digest('base64');
	const known = state.sql('SELECT request, status, body FROM idempotency WHERE key = ?').get(key);
	if (known !== undefined) {
		if (known['request'] !== fingerprint) {
			throw new StripeError(
				400,
				`Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
				{ type: 'idempotency_error' },
			);
		}
		reply.header('idempotent-replayed', 'true').header('original-request', requestId);
		return { status: Number(known['status']), text: String(known['body']) };
	}
	reply.header('idempotency-key', key);
	const run = prepare();
	const keep = ({ status, text }: Ended): Ended => {
		state
			.sql('INSERT INTO idempotency (key, request, status, body, created) VALUES (?, ?, ?, ?, ?)')
			.run(key, fingerprint, status, text, Date.now());
		return { status, text };
	};
	try {
		sandbox.cause = { requestId, idempotencyKey: key };
		return state.atomically(
			() => keep({ status: 200, text: JSON.stringify(run()) }),
			(error) => error instanceof StripeError && error.keepsEffects,
		);
	} catch (error) {
		const told = asStripeError(error, request);
		return keep({ status: told.status, text: JSON.stringify(told.body(requestId), null, 2) });
	} finally {
		sandbox.cause = undefined;
	}
}
