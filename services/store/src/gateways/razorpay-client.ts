import { z } from 'zod';
import { GatewayRefused } from './gateway.ts';

const TIMEOUT_MS = 20_000;
const refusal = z.object({
	error: z.object({
		code: z.string().optional(),
		description: z.string().default('no reason given'),
		field: z.string().nullish(),
	}),
});

export interface RazorpayRequest {
	query?: Record<string, string | number>;
	body?: object;
	idempotencyKey?: string;
}

/** Razorpay's HTTP API with what every call needs: key, time limit, its way of saying no. */
export interface RazorpayClient {
	ask<Answer>(
		method: 'GET' | 'POST',
		path: string,
		answer: z.ZodType<Answer>,
		request?: RazorpayRequest,
	): Promise<Answer>;
}

export function createRazorpayClient(options: {
	keyId: string;
	keySecret: string;
	apiUrl: string;
}): RazorpayClient {
	const credentials = Buffer.from(`${options.keyId}:${options.keySecret}`).toString('base64');
	return {
		async ask(method, path, answer, { query = {}, body, idempotencyKey } = {}) {
			const url = new URL(`${options.apiUrl}/v1${path}`);
			for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
			const response = await fetch(url, {
				method,
				headers: {
					authorization: `Basic ${credentials}`,
					...(body === undefined ? {} : { 'content-type': 'application/json' }),
					...(idempotencyKey === undefined ? {} : { 'x-refund-idempotency': idempotencyKey }),
				},
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
				signal: AbortSignal.timeout(TIMEOUT_MS),
			});
			const text = await response.text();
			if (response.ok) return answer.parse(JSON.parse(text));
			const told = refusal.safeParse(jsonOf(text));
			// 409: the first request with this key is still under way; 429: too many. Both pass.
			const passes = response.status >= 500 || response.status === 409 || response.status === 429;
			if (passes || !told.success) throw new Error(`Razorpay answered ${response.status}.`);
			const { code, field, description } = told.data.error;
			throw new GatewayRefused(field ?? code ?? 'refused', description);
		},
	};
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
