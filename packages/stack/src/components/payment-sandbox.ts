import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { environmentFor, type Component, type StackContext } from '../component.ts';
import { answersOk } from '../health.ts';
import { projectRoot } from '../layout.ts';
import { SMALL_HEAP } from './services.ts';

const program = path.join(projectRoot, 'services', 'payment-sandbox', 'src', 'server.ts');

/** The events that the store follows, as one would tick them in Stripe's dashboard. */
export const STORE_EVENTS = [
	...['completed', 'expired', 'async_payment_succeeded', 'async_payment_failed'].map(
		(what) => `checkout.session.${what}`,
	),
	...['processing', 'succeeded', 'payment_failed'].map((what) => `payment_intent.${what}`),
	...['created', 'updated', 'failed'].map((what) => `refund.${what}`),
	...['created', 'updated', 'closed', 'funds_withdrawn', 'funds_reinstated'].map(
		(what) => `charge.dispute.${what}`,
	),
	...['created', 'updated', 'deleted', 'paused', 'resumed', 'trial_will_end'].map(
		(what) => `customer.subscription.${what}`,
	),
	...['finalized', 'paid', 'payment_failed', 'voided', 'marked_uncollectible'].map(
		(what) => `invoice.${what}`,
	),
	...['invoice_payment.paid', 'payout.paid', 'payout.failed'],
];

/** Stands in for Stripe as long as there is no key of an account: the store sells from the first minute. */
export function paymentSandbox(context: StackContext): Component[] {
	const { layout, wiring, environment } = context;
	const { payments } = wiring;
	if (payments === undefined) return [];
	const port = layout.ports.paymentSandbox;
	const storage = path.join(layout.storage, 'payment-sandbox');
	return [
		{
			name: 'payment-sandbox',
			label: 'Payment sandbox',
			after: [],
			ports: [{ port, purpose: 'payment sandbox' }],
			prepare: async () => {
				mkdirSync(storage, { recursive: true, mode: 0o700 });
			},
			plan: () => ({
				name: 'payment-sandbox',
				file: process.execPath,
				args: [program],
				env: environmentFor(context, 'payment-sandbox', {
					NODE_ENV: 'production',
					NODE_OPTIONS: SMALL_HEAP,
					NODE_COMPILE_CACHE: path.join(layout.dataDir, 'cache', 'node'),
					HOST: '127.0.0.1',
					PORT: String(port),
					PUBLIC_URL: payments.url,
					STORAGE_DIR: storage,
					LOG_LEVEL: environment.all['LOG_LEVEL'] ?? '',
					STORE_NAME: environment.all['STORE_NAME'] ?? '',
					STRIPE_SECRET_KEY: payments.stripeSecretKey,
					STRIPE_WEBHOOK_URL: `${wiring.services.store.url}/webhooks/stripe`,
					STRIPE_WEBHOOK_SECRET: payments.stripeWebhookSecret,
					STRIPE_WEBHOOK_EVENTS: STORE_EVENTS.join(','),
				}),
				cwd: projectRoot,
				isReady: (signal) => answersOk(`http://127.0.0.1:${port}/readyz`, signal),
				readyWithinMs: 20_000,
				stopSignal: 'SIGTERM',
				stopWithinMs: 5000,
			}),
			detail: () => `${payments.url}, no money moves`,
		},
	];
}
