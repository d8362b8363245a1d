import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** One fault in the request: a JSON pointer (RFC 6901) into it, and what is wrong there. */
export interface Fault {
	pointer: string;
	detail: string;
}

/** Shape of every error answer: RFC 9457 with our members `code`, `correlationId` and `errors`. */
export const problemSchema = z
	.object({
		type: z.string(),
		title: z.string(),
		status: z.int(),
		detail: z.string(),
		instance: z.string(),
		code: z.string(),
		correlationId: z.string(),
		errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
	})
	.meta({ description: 'A problem as of RFC 9457' });

export const PROBLEM_TYPE = 'application/problem+json';

interface ProblemOptions {
	status: number;
	/** Stable and machine-readable, e.g. `product_not_found`; the problem's type URI ends in it. */
	code: string;
	/** What happened and what to do next, for a person. */
	detail: string;
	errors?: Fault[];
	headers?: Record<string, string>;
	cause?: unknown;
}

/** Thrown anywhere below a route; the error handler turns it into the answer. */
export class Problem extends Error {
	override readonly name = 'Problem';
	readonly status: number;
	readonly code: string;
	readonly errors: Fault[] | undefined;
	readonly headers: Record<string, string>;

	constructor(options: ProblemOptions) {
		super(options.detail, { cause: options.cause });
		this.status = options.status;
		this.code = options.code;
		this.errors = options.errors;
		this.headers = options.headers ?? {};
	}

	/** The answer's body. */
	toJSON(instance: string, correlationId: string): z.output<typeof problemSchema> {
		return {
			type: `urn:autopilot:problem:${this.code}`,
			title: STATUS_CODES[this.status] ?? 'Error',
			status: this.status,
			detail: this.message,
			instance,
			code: this.code,
			correlationId,
			...(this.errors === undefined ? {} : { errors: this.errors }),
		};
	}
}

/** 404 for a thing that is named by its id. */
export function notFound(noun: string, id: string): Problem {
	return new Problem({
		status: 404,
		code: `${noun.replaceAll(' ', '_')}_not_found`,
		detail: `There is no ${noun} ${id}. It may have been deleted; list them to find the right id.`,
	});
}

/** 409: the request is right, but not in the present state. */
export function conflict(code: string, detail: string): Problem {
	return new Problem({ status: 409, code, detail });
}

/** 422: the request is well-formed, but a value in it can't be used. */
export function unprocessable(code: string, detail: string, errors?: Fault[]): Problem {
	return new Problem({ status: 422, code, detail, ...(errors === undefined ? {} : { errors }) });
}

/** 400 for a paging cursor that no list has given out. */
export function invalidCursor(): Problem {
	return new Problem({
		status: 400,
		code: 'invalid_cursor',
		detail: 'The cursor is not one of this list. Start again without a cursor.',
	});
}
