import { createHash } from 'node:crypto';
import type { Database, Tx } from '@autopilot/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../api-keys/authenticate.ts';
import { problemText } from '../error-handler.ts';
import { conflict, Problem, PROBLEM_TYPE, unprocessable } from '../problem.ts';
import { claimKey, type IdempotencyKey, storeAnswer, type StoredAnswer } from './store.ts';

/** What a command answers; the body is checked against the route's response schema. */
export interface Answer<Body = unknown> {
	status: number;
	body?: Body | undefined;
}

/** Runs the work of a route in a transaction and sends its answer. */
export type RunCommand = <Body>(
	request: FastifyRequest,
	reply: FastifyReply,
	work: (tx: Tx) => Promise<Answer<Body>>,
) => Promise<Body>;

export interface Command extends RunCommand {
	/**
	 * For work that is a whole by itself, being one writing statement or opening its own transaction: without a key
	 * nothing is put around it, which spares the two round trips of a transaction. Its answer is checked when the change
	 * is there already: one that breaks its contract is answered 500 and leaves the change behind.
	 */
	whole<Body>(
		request: FastifyRequest,
		reply: FastifyReply,
		work: (own: Database | Tx) => Promise<Answer<Body>>,
	): Promise<Body>;
}

const WAIT_FOR_FIRST = '10s';
const KEY = /^[\x21-\x7e]{1,255}$/;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs a route that changes something: one transaction for the change, its events, its jobs and, when the caller sent
 * an `Idempotency-Key`, the answer. So a caller who never saw the answer may ask again after any crash: either all of
 * it happened and the first answer comes again (also a 4xx), or nothing did and the command runs. An error of our own
 * (5xx) leaves nothing behind and is not stored: a retry gets a new chance.
 */
export function commandRunner(db: Database): Command {
	const withKey = (
		request: FastifyRequest,
		reply: FastifyReply,
		key: IdempotencyKey,
		work: (tx: Tx) => Promise<Answer>,
	) => db.transaction((tx) => runOnce(tx, key, () => attempt(tx, request, reply, work)));
	const command = async (
		request: FastifyRequest,
		reply: FastifyReply,
		work: (tx: Tx) => Promise<Answer>,
	) => {
		const key = idempotencyKeyOf(request);
		if (key !== undefined) return send(reply, await withKey(request, reply, key, work));
		return send(reply, {
			answer: await db.transaction(async (tx) => render(reply, await work(tx))),
			replayed: false,
		});
	};
	const whole = async (
		request: FastifyRequest,
		reply: FastifyReply,
		work: (own: Database | Tx) => Promise<Answer>,
	) => {
		const key = idempotencyKeyOf(request);
		if (key !== undefined) return send(reply, await withKey(request, reply, key, work));
		return send(reply, { answer: render(reply, await work(db)), replayed: false });
	};
	return Object.assign(command, { whole }) as Command;
}

interface Outcome {
	answer: StoredAnswer;
	replayed: boolean;
}

function send(reply: FastifyReply, { answer, replayed }: Outcome): FastifyReply {
	if (replayed) reply.header('idempotency-replayed', 'true');
	reply.code(answer.status);
	if (answer.contentType === '') return reply.send();
	return reply.header('content-type', answer.contentType).serializer(String).send(answer.body);
}

async function runOnce(
	tx: Tx,
	key: IdempotencyKey,
	run: () => Promise<StoredAnswer>,
): Promise<Outcome> {
	await tx.query(`SELECT set_config('lock_timeout', $1, true)`, [WAIT_FOR_FIRST]);
	const first = await claimKey(tx, key).catch((error: unknown) => {
		throw isLockTimeout(error)
			? conflict(
					'idempotency_in_progress',
					'The first request with this Idempotency-Key is still running. Ask again later.',
				)
			: error;
	});
	if (first !== undefined) {
		if (first.requestHash.equals(key.requestHash)) return { answer: first.answer, replayed: true };
		throw unprocessable(
			'idempotency_key_reused',
			'This Idempotency-Key was used for another request. Take a new key for a new command.',
		);
	}
	await tx.query(`SELECT set_config('lock_timeout', '0', true)`);
	const answer = await run();
	await storeAnswer(tx, key, answer);
	return { answer, replayed: false };
}

// A refusal is an answer to be kept, but what was written on the way to it must go.
async function attempt(
	tx: Tx,
	request: FastifyRequest,
	reply: FastifyReply,
	work: (tx: Tx) => Promise<Answer>,
): Promise<StoredAnswer> {
	try {
		return await tx.savepoint(async () => render(reply, await work(tx)));
	} catch (error) {
		if (!(error instanceof Problem) || error.status >= 500) throw error;
		return {
			status: error.status,
			contentType: PROBLEM_TYPE,
			body: problemText(error, request),
		};
	}
}

// Serialized before the commit: an answer that breaks its contract must not leave a change behind.
function render(reply: FastifyReply, { status, body }: Answer): StoredAnswer {
	if (body === undefined) return { status, contentType: '', body: '' };
	const text = reply.code(status).serialize(body);
	return { status, contentType: 'application/json; charset=utf-8', body: String(text) };
}

function idempotencyKeyOf(request: FastifyRequest): IdempotencyKey | undefined {
	const key = request.headers['idempotency-key'];
	if (key === undefined) return undefined;
	if (typeof key !== 'string' || !KEY.test(key)) {
		throw new Problem({
			status: 400,
			code: 'invalid_idempotency_key',
			detail: 'An Idempotency-Key has 1 to 255 printable ASCII characters without spaces.',
		});
	}
	const requestHash = createHash('sha256')
		.update(`${request.method} ${request.url}\n`)
		.update(JSON.stringify(withoutCallback(request.body)))
		.digest();
	return { callerId: callerOf(request).id, key, requestHash };
}

// Whom to call when the work has ended is no part of the work: n8n gives each execution another resume URL.
function withoutCallback(body: unknown): unknown {
	if (typeof body !== 'object' || body === null) return body ?? null;
	return { ...body, callback: undefined };
}

function isLockTimeout(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}
