import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { takeFailure } from '../control/failures.ts';
import { includable } from './includable.ts';
import { API_VERSION, newId, type Sandbox } from '../sandbox.ts';
import { expand } from './expand.ts';
import { StripeError } from './error.ts';
import { decodeForm, type Form, type FormValue } from './form.ts';
import { checkParameters } from './parameters.ts';

/** Since Basil (2025-03-31) objects look as they do here. */
const OLDEST_VERSION = '2025-03-31';

export interface Call<Parameters> {
	/** The path's `:id`, or '' where there is none. */
	id: string;
	parameters: Parameters;
}

/** Registers Stripe's routes: key, version, idempotency, parameters, transaction, expansion and errors in one place. */
export function stripeRoutes(app: FastifyInstance, sandbox: Sandbox) {
	const define =
		(method: 'GET' | 'POST' | 'DELETE') =>
		<Shape extends z.ZodObject>(
			path: string,
			schema: Shape,
			run: (call: Call<z.output<Shape>>) => object,
		) => {
			app.route<{ Params: { id?: string } }>({
				method,
				url: path,
				handler: (request, reply) =>
					answer(sandbox, request, reply, (form) => {
						const parameters = checkParameters(schema, form);
						const paths = expansions(form['expand']);
						return () => {
							const result = run({ id: request.params.id ?? '', parameters });
							return paths.length === 0
								? result
								: expand(result, paths, sandbox.state, (object, name) =>
										includable(sandbox, object, name),
									);
						};
					}),
			});
		};
	return { get: define('GET'), post: define('POST'), delete: define('DELETE') };
}

function expansions(given: FormValue | undefined): string[] {
	if (!Array.isArray(given)) return [];
	return given.filter((path) => typeof path === 'string');
}

async function answer(
	sandbox: Sandbox,
	request: FastifyRequest,
	reply: FastifyReply,
	prepare: (form: Form) => () => object,
): Promise<unknown> {
	const requestId = newId('req');
	reply.header('request-id', requestId).header('stripe-version', API_VERSION);
	const failure = takeFailure(sandbox, request.url);
	try {
		if (failure?.when === 'before') return await misbehave(failure, reply, requestId);
		checkKey(sandbox, request);
		checkVersion(request);
		const body = typeof request.body === 'string' ? request.body : '';
		const query = request.url.split('?')[1] ?? '';
		const form = decodeForm(request.method === 'POST' ? body : query === '' ? body : query);
		const key = request.method === 'POST' ? headerOf(request, 'idempotency-key') : undefined;
		const { status, text } =
			key === undefined
				? once(sandbox, { requestId, key: null }, prepare(form))
				: replayable(sandbox, { request, requestId, key, body, reply }, () => prepare(form));
		sandbox.wake();
		if (failure !== undefined) return await misbehave(failure, reply, requestId);
		return await reply.code(status).type('application/json').send(text);
	} catch (error) {
		sandbox.wake();
		const told = asStripeError(error, request);
		return await reply
			.code(told.status)
			.type('application/json')
			.send(JSON.stringify(told.body(requestId), null, 2));
	}
}

function asStripeError(error: unknown, request: FastifyRequest): StripeError {
	if (error instanceof StripeError) return error;
	request.log.error({ err: error }, 'a request failed');
	return new StripeError(
		500,
		'An unknown error occurred in the payment sandbox; its log says more.',
		{
			type: 'api_error',
		},
	);
}

interface Ended {
	status: number;
	text: string;
}

function once(
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
function replayable(
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

function checkKey({ config }: Sandbox, request: FastifyRequest): void {
	const given = keyOf(headerOf(request, 'authorization') ?? '');
	if (given === '') {
		throw new StripeError(
			401,
			'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.',
		);
	}
	const [one, other] = [given, config.STRIPE_SECRET_KEY].map((key) =>
		createHash('sha256').update(key).digest(),
	);
	if (one === undefined || other === undefined || !timingSafeEqual(one, other)) {
		throw new StripeError(401, `Invalid API Key provided: ${given.slice(0, 8)}****`);
	}
}

/** Bearer, or Basic with the key as user name, as curl -u sends it. */
function keyOf(authorization: string): string {
	const [scheme, value = ''] = authorization.split(' ');
	if (scheme?.toLowerCase() !== 'basic') return value;
	return Buffer.from(value, 'base64').toString().split(':')[0] ?? '';
}

function checkVersion(request: FastifyRequest): void {
	const version = headerOf(request, 'stripe-version');
	if (version === undefined || version.slice(0, 10) >= OLDEST_VERSION) return;
	throw new StripeError(
		400,
		`The payment sandbox speaks ${API_VERSION}; objects of ${version} look different. Use a version from ${OLDEST_VERSION} on.`,
	);
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
	const value = request.headers[name];
	return Array.isArray(value) ? value[0] : value;
}

async function misbehave(
	failure: NonNullable<ReturnType<typeof takeFailure>>,
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
