import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Fault, Problem, PROBLEM_TYPE } from './problem.ts';

/** Every error of the app, expected or not, leaves as one RFC 9457 problem. */
export function registerErrorHandler(app: FastifyInstance): void {
	app.setErrorHandler<FastifyError>((error, request, reply) => {
		const problem = toProblem(error, request);
		if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
		return sendProblem(problem, request, reply);
	});
	app.setNotFoundHandler((request, reply) =>
		sendProblem(
			new Problem({
				status: 404,
				code: 'route_not_found',
				detail: `There is nothing at ${request.method} ${pathOf(request)}. See /docs for what there is.`,
			}),
			request,
			reply,
		),
	);
}

/** Path without the query, which may hold a token. */
export function pathOf(request: FastifyRequest): string {
	return request.url.split('?', 1)[0] ?? request.url;
}

export function problemText(problem: Problem, request: FastifyRequest): string {
	return JSON.stringify(problem.toJSON(pathOf(request), request.id));
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
	return reply
		.code(problem.status)
		.headers(problem.headers)
		.header('content-type', PROBLEM_TYPE)
		.serializer(String)
		.send(problemText(problem, request));
}

function toProblem(error: FastifyError, request: FastifyRequest): Problem {
	if (error instanceof Problem) return error;
	if (error.validation !== undefined) {
		return new Problem({
			status: 400,
			code: 'invalid_request',
			detail: `The ${error.validationContext ?? 'request'} has ${error.validation.length} fault(s); see errors.`,
			errors: error.validation.map((fault) => toFault(fault, error.validationContext)),
		});
	}
	const known = FRAMEWORK_ERRORS[error.code];
	if (known !== undefined) return new Problem({ ...known, cause: error });
	if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
		return new Problem({ status: error.statusCode, code: 'bad_request', detail: error.message });
	}
	return new Problem({
		status: 500,
		code: 'internal_error',
		detail: `Something failed on our side. Retry later; the log has it under correlation id ${request.id}.`,
		cause: error,
	});
}

// A fault in the query or the path is no JSON pointer into the body; the first token says where it is.
function toFault(
	fault: { instancePath: string; message?: string | undefined },
	context: string | undefined,
): Fault {
	const prefix = context === undefined || context === 'body' ? '' : `/${context}`;
	return { pointer: `${prefix}${fault.instancePath}`, detail: fault.message ?? 'is not valid' };
}

const FRAMEWORK_ERRORS: Record<string, { status: number; code: string; detail: string }> = {
	FST_ERR_CTP_INVALID_JSON_BODY: {
		status: 400,
		code: 'malformed_json',
		detail: 'The body is not valid JSON. Check quotes, commas and encoding (UTF-8).',
	},
	FST_ERR_CTP_EMPTY_JSON_BODY: {
		status: 400,
		code: 'empty_body',
		detail:
			'The body is empty, but the content type says JSON. Send {} or leave the content type out.',
	},
	FST_ERR_CTP_BODY_TOO_LARGE: {
		status: 413,
		code: 'body_too_large',
		detail: 'The body is larger than this route takes. Send less at once.',
	},
	FST_ERR_CTP_INVALID_MEDIA_TYPE: {
		status: 415,
		code: 'unsupported_media_type',
		detail: 'This route does not take that content type. Most routes take application/json.',
	},
	FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
		status: 400,
		code: 'content_length_mismatch',
		detail: 'The body is not as long as its content-length header says.',
	},
};
