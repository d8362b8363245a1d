import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../sandbox.ts';
import { RazorpayError } from './error.ts';
import { paymentLinkPage } from './payment-link-page.ts';
import { paymentLinkRoutes } from './payment-link-routes.ts';
import { paymentRoutes } from './payment-routes.ts';

/** A small Razorpay beside Stripe: payment links, payments, refunds and its webhook. */
export function razorpayRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	app.setErrorHandler((error, request, reply) => {
		const told =
			error instanceof RazorpayError
				? error
				: error instanceof z.ZodError
					? new RazorpayError(
							400,
							z.prettifyError(error),
							String(error.issues[0]?.path.join('.') ?? ''),
						)
					: undefined;
		if (told === undefined) {
			request.log.error({ err: error }, 'a Razorpay request failed');
		}
		return reply.code(told?.status ?? 500).send({
			error: {
				code: told === undefined ? 'SERVER_ERROR' : 'BAD_REQUEST_ERROR',
				description: told?.message ?? 'The payment sandbox failed; its log says more.',
				source: 'business',
				step: 'payment_initiation',
				reason: 'input_validation_failed',
				metadata: {},
				...(told?.field == null ? {} : { field: told.field }),
			},
		});
	});
	app.addHook('onRequest', async (request) => {
		if (request.url.startsWith('/razorpay/v1/')) checkKey(sandbox, request);
	});
	paymentLinkRoutes(app, sandbox);
	paymentRoutes(app, sandbox);
	paymentLinkPage(app, sandbox);
}

function checkKey({ config }: Sandbox, request: FastifyRequest): void {
	const [, encoded = ''] = (request.headers.authorization ?? '').split(' ');
	const given = Buffer.from(encoded, 'base64').toString();
	if (
		config.RAZORPAY_KEY_ID === undefined ||
		given !== `${config.RAZORPAY_KEY_ID}:${config.RAZORPAY_KEY_SECRET ?? ''}`
	) {
		throw new RazorpayError(401, 'Authentication failed');
	}
}
