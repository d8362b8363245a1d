import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { API_VERSION, type Sandbox } from '../sandbox.ts';
import { StripeError } from './error.ts';

/** Since Basil (2025-03-31) objects look as they do here. */
const OLDEST_VERSION = '2025-03-31';

/** 401 unless the request carries the secret key. */
export function checkKey({ config }: Sandbox, request: FastifyRequest): void {
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

/** 400 for a version of the API whose objects look different. */
export function checkVersion(request: FastifyRequest): void {
	const version = headerOf(request, 'stripe-version');
	if (version === undefined || version.slice(0, 10) >= OLDEST_VERSION) return;
	throw new StripeError(
		400,
		`The payment sandbox speaks ${API_VERSION}; objects of ${version} look different. Use a version from ${OLDEST_VERSION} on.`,
	);
}

/** One header; the first of them when it was sent more than once. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
	const value = request.headers[name];
	return Array.isArray(value) ? value[0] : value;
}
