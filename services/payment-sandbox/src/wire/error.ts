import type { FastifyRequest } from 'fastify';

/** What Stripe puts into `error` besides type and message. */
export interface ErrorDetails {
	code?: string;
	param?: string;
	decline_code?: string;
	charge?: string;
	payment_intent?: unknown;
	payment_method?: unknown;
	doc_url?: string;
}

type ErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

/** Thrown anywhere below a route; becomes Stripe's error body. */
export class StripeError extends Error {
	override readonly name = 'StripeError';
	readonly status: number;
	readonly type: ErrorType;
	readonly details: ErrorDetails;
	/** What had already happened (a declined charge, say) stays in the state. */
	readonly keepsEffects: boolean;

	constructor(
		status: number,
		message: string,
		options: ErrorDetails & { type?: ErrorType; keepsEffects?: boolean } = {},
	) {
		super(message);
		const { type = 'invalid_request_error', keepsEffects = false, ...details } = options;
		this.status = status;
		this.type = type;
		this.keepsEffects = keepsEffects;
		this.details = details;
	}

	body(requestId: string) {
		return {
			error: {
				...this.details,
				message: this.message,
				request_log_url: `sandbox:${requestId}`,
				type: this.type,
			},
		};
	}
}

/** 400 for a request that Stripe would understand but refuses. */
export function refused(message: string, details: ErrorDetails = {}): StripeError {
	return new StripeError(400, message, details);
}

/** 404 for a thing named in the path, 400 for one named by a parameter, as Stripe does. */
export function noSuch(noun: string, id: string, param = 'id'): StripeError {
	return new StripeError(param === 'id' ? 404 : 400, `No such ${noun}: '${id}'`, {
		code: 'resource_missing',
		param,
	});
}

/** The error as Stripe would tell it; what nobody foresaw is logged and told as a 500 without its text. */
export function asStripeError(error: unknown, request: FastifyRequest): StripeError {
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
