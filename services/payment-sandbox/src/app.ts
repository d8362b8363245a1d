import type { FastifyInstance } from 'fastify';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { catalogueRoutes, clockRoutes, customerRoutes } from './billing/routes.ts';
import { subscriptionRoutes } from './billing/subscription-routes.ts';
import { checkoutRoutes } from './checkout/routes.ts';
import type { Config } from './config.ts';
import { controlRoutes } from './control/routes.ts';
import { moneyRoutes } from './money/routes.ts';
import { pageRoutes } from './pages/routes.ts';
import { chargeRoutes, paymentIntentRoutes } from './payments/routes.ts';
import { razorpayRoutes } from './razorpay/routes.ts';
import type { Sandbox } from './sandbox.ts';
import { nowOf } from './sandbox.ts';
import type { State } from './state/state.ts';
import { isDue, runDue } from './state/timers.ts';
import { perform } from './timetable.ts';
import { configureEndpoint } from './webhooks/endpoints.ts';
import { webhookRoutes } from './webhooks/routes.ts';
import { Sender } from './webhooks/sender.ts';
import { StripeError } from './wire/error.ts';
import { stripeRoutes } from './wire/endpoint.ts';

/** How often it looks for what has come due by itself: sessions that expire, renewals, pending refunds. */
const TICK_MS = 500;
const EVENT_DAYS = 30;

/** The sandbox as an HTTP server. `app.close()` ends its timers and connections; the state stays open for its owner. */
export function buildApp(parts: {
	config: Config;
	state: State;
	logger: FastifyBaseLogger;
}): FastifyInstance {
	const { config, state, logger } = parts;
	const app = Fastify({
		loggerInstance: logger,
		logController: new LogController({ disableRequestLogging: true }),
		bodyLimit: 1024 * 1024,
		forceCloseConnections: true,
		routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
	});
	// Stripe's own decoder reads forms; Fastify only hands over the text.
	app.addContentTypeParser(
		'application/x-www-form-urlencoded',
		{ parseAs: 'string' },
		(_request, body, done) => done(null, body),
	);
	const sandbox: Sandbox = { config, state, cause: undefined, wake: () => sender.wake() };
	const sender = new Sender(sandbox);
	configureEndpoint(sandbox);
	forgetOld(sandbox);

	app.get('/healthz', () => ({ status: 'ok' }));
	app.get('/readyz', () => ({ status: 'ok', pending: sender.pending().waiting }));
	const v1 = stripeRoutes(app, sandbox);
	customerRoutes(v1, sandbox);
	catalogueRoutes(v1, sandbox);
	clockRoutes(v1, sandbox);
	checkoutRoutes(v1, sandbox);
	paymentIntentRoutes(v1, sandbox);
	chargeRoutes(v1, sandbox);
	subscriptionRoutes(v1, sandbox);
	moneyRoutes(v1, sandbox);
	webhookRoutes(v1, sandbox);
	void app.register((inner) => controlRoutes(inner, sandbox, sender));
	void app.register((inner) => razorpayRoutes(inner, sandbox));
	pageRoutes(app, sandbox);
	app.setNotFoundHandler((request, reply) => {
		const { method, url } = request;
		const error = new StripeError(
			404,
			`Unrecognized request URL (${method}: ${url.split('?')[0] ?? url}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/. (The payment sandbox may not have it.)`,
		);
		return reply.code(404).send(error.body('none'));
	});
	keepTime(app, sandbox, sender);
	return app;
}

function keepTime(app: FastifyInstance, sandbox: Sandbox, sender: Sender): void {
	const ticking = setInterval(() => {
		if (!isDue(sandbox)) return;
		sandbox.state.atomically(() =>
			runDue(sandbox, { testClock: null, until: nowOf(sandbox) }, (action, id) =>
				perform(sandbox, action, id),
			),
		);
		sender.wake();
	}, TICK_MS);
	app.addHook('onReady', async () => sender.wake());
	app.addHook('onClose', async () => {
		clearInterval(ticking);
		sender.close();
	});
}

/** Stripe forgets events after 30 days and idempotency keys after one. */
function forgetOld({ state }: Sandbox): void {
	const now = Date.now();
	state
		.sql("DELETE FROM objects WHERE kind = 'event' AND created < ?")
		.run(Math.floor(now / 1000) - EVENT_DAYS * 86_400);
	state.sql('DELETE FROM idempotency WHERE created < ?').run(now - 86_400_000);
}
