import { Problem } from '@autopilot/http';

/** 400: what a gateway is answered whose signature is wrong. */
export function badSignature(detail: string, cause?: unknown): Problem {
	return new Problem({ status: 400, code: 'invalid_signature', detail, cause });
}

/** 503: webhooks can't be verified. */
export function secretMissing(variable: string): Problem {
	return new Problem({
		status: 503,
		code: 'webhook_secret_missing',
		detail: `Set ${variable} to the secret of the endpoint, so that what comes in can be verified.`,
	});
}
