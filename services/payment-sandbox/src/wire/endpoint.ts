import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { misbehave, takeFailure } from '../control/failures.ts';
import { includable } from './includable.ts';
import { API_VERSION, newId, type Sandbox } from '../sandbox.ts';
import { checkKey, checkVersion, headerOf } from './authentication.ts';
import { asStripeError } from './error.ts';
import { expand } from './expand.ts';
import { decodeForm, type Form, type FormValue } from './form.ts';
import { once, replayable } from './idempotency.ts';
import { checkParameters } from './parameters.ts';

/** A request as a route gets it: checked. */
export interface Call<Parameters> {
	/** The path's `:id`, or '' where there is none. */
	id: string;
	parameters: Parameters;
}

/** Where a feature registers its routes: method by method, each with its parameters. */
export type StripeRoutes = ReturnType<typeof stripeRoutes>;

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
