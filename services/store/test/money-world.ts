import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApp as buildSandbox, configSchema, State } from '@autopilot/payment-sandbox';
import { createLogger, parseConfig } from '@autopilot/http';
import { until } from '@autopilot/postgres/testing';
import Stripe from 'stripe';
import { startInboxWorker } from '../src/gateway-events/worker.ts';
import { createGateways } from '../src/gateways/gateways.ts';
import { licenseIssuer } from '../src/licenses/issue.ts';
import { licenseKeys } from '../src/licenses/key.ts';
import { sendRefunds } from '../src/refunds/tasks.ts';
import { endSubscriptions } from '../src/subscriptions/cancellations.ts';
import { startStoreApp } from './store-app.ts';

export const WEBHOOK_SECRET = 'whsec_test_secret_of_the_endpoint';
const STRIPE_KEY = 'sk_test_sandbox';
const logger = createLogger('store', 'silent');

/** A store that listens, and the payment sandbox that posts its events to it. Nobody works off the inbox yet. */
export async function startMoneyWorld() {
	// Each of the two has to know where the other is. So the store's door is open before the store is there: a port that
	// was only found free could be somebody else's by then.
	const door = createServer({ keepAliveTimeout: 0 }).listen(0, '127.0.0.1');
	await once(door, 'listening');
	const base = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
	const state = new State(':memory:');
	const razorpay = {
		RAZORPAY_KEY_ID: 'rzp_test_sandbox',
		RAZORPAY_KEY_SECRET: 'razorpay-secret',
		RAZORPAY_WEBHOOK_SECRET: 'razorpay-webhook-secret',
	};
	const sandbox = buildSandbox({
		config: parseConfig(configSchema, {
			PORT: '0',
			PUBLIC_URL: 'http://sandbox.test',
			STORAGE_DIR: '/nowhere',
			STRIPE_SECRET_KEY: STRIPE_KEY,
			STRIPE_WEBHOOK_URL: `${base}/webhooks/stripe`,
			STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
			RAZORPAY_WEBHOOK_URL: `${base}/webhooks/razorpay`,
			...razorpay,
		}),
		state,
		logger,
	});
	const sandboxUrl = await sandbox.listen({ host: '127.0.0.1', port: 0 });
	const store = await startStoreApp({
		STRIPE_SECRET_KEY: STRIPE_KEY,
		STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
		STRIPE_API_URL: sandboxUrl,
		...razorpay,
		RAZORPAY_API_URL: `${sandboxUrl}/razorpay`,
	});
	await store.app.ready();
	door.on('request', (request, response) => store.app.routing(request, response));
	const gateways = createGateways(store.config);
	const keys = licenseKeys({ signingSecret: store.config.SIGNING_SECRET, prefix: 'AP' });
	const parts = { db: store.db, gateways, issueForOrder: licenseIssuer(keys), logger };
	const stripe = new Stripe(STRIPE_KEY, {
		...{ host: '127.0.0.1', port: Number(new URL(sandboxUrl).port), protocol: 'http' },
		telemetry: false,
	});
	const stops: (() => Promise<void>)[] = [];

	const control = async (method: string, path: string, body: object = {}) => {
		const answer = await fetch(`${sandboxUrl}/_sandbox${path}`, {
			method,
			headers: { 'content-type': 'application/json' },
			...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
		});
		if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
		return answer.json();
	};
	return {
		...store,
		...{ sandboxUrl, stripe, gateways, parts, control },
		async startWorker(options: { lanes?: number; batch?: number; retryDelaysMs?: number[] } = {}) {
			const stop = await startInboxWorker({ ...parts, ...options });
			stops.push(stop);
			return stop;
		},
		/** A product with as many variants as SKUs are named. */
		async product(
			variants: {
				sku: string;
				amount?: number;
				currency?: string;
				stock?: number;
				delivery?: string;
			}[],
		) {
			const { status, body } = await store.call('POST', '/api/v1/products', {
				title: `Product of ${variants[0]?.sku}`,
				slug: `product-${variants[0]?.sku.toLowerCase()}`,
				status: 'published',
				variants: variants.map(({ sku, amount = 4900, currency = 'EUR', stock, delivery }) => ({
					sku,
					price: { amount, currency },
					...(delivery === undefined ? {} : { delivery }),
					...(stock === undefined ? {} : { stock }),
				})),
			});
			if (status !== 201) throw new Error(JSON.stringify(body));
			return body;
		},
		async order(lines: { sku: string; quantity?: number }[], more: object = {}) {
			const { status, body } = await store.call('POST', '/api/v1/orders', {
				email: 'buyer@example.com',
				lines,
				...more,
			});
			if (status !== 201) throw new Error(JSON.stringify(body));
			return body;
		},
		async checkout(orderId: string, more: object = {}) {
			const { status, body } = await store.call('POST', `/api/v1/orders/${orderId}/checkout`, more);
			if (status !== 200) throw new Error(JSON.stringify(body));
			return body;
		},
		/** Pays the page as a buyer does. */
		pay: (sessionRef: string, card = '4242424242424242') =>
			control('POST', `/sessions/${sessionRef}/pay`, { card, email: 'buyer@example.com' }),
		get: async (path: string) => (await store.call('GET', path)).body,
		/** Until nothing waits in the inbox, nor on its way to it. What the sandbox holds back is not on its way. */
		async settled() {
			await until(
				async () => {
					// In this order: what has left the sandbox is in the inbox.
					const { waiting, held } = (await control('GET', '/webhooks')) as {
						waiting: number;
						held: number;
					};
					if (waiting > held) return false;
					const { rows } = await store.db.query<{ pending: number }>(
						`SELECT count(*) AS pending FROM gateway_events WHERE state = 'pending'`,
					);
					return rows[0]?.pending === 0;
				},
				{ what: 'an empty inbox' },
			);
		},
		sendRefunds: () => sendRefunds(store.db, parts),
		endSubscriptions: () => endSubscriptions(store.db, parts),
		/** Names of the events that were told of an aggregate, in their order. */
		async told(aggregateId: string) {
			const { rows } = await store.db.query<{ type: string }>(
				'SELECT type FROM outbox WHERE aggregate_id = $1 ORDER BY seq',
				[aggregateId],
			);
			return rows.map(({ type }) => type);
		},
		async balances() {
			const { body } = await store.call('GET', '/api/v1/ledger/balances');
			if (!body.balanced) throw new Error(`The ledger does not balance: ${JSON.stringify(body)}`);
			return Object.fromEntries(
				body.data.map((row: { account: string; currency: string; balance: number }) => [
					`${row.account} ${row.currency}`,
					row.balance,
				]),
			);
		},
		async close() {
			for (const stop of stops) await stop();
			await sandbox.close();
			door.closeAllConnections();
			door.close();
			await store.close();
			state.close();
		},
	};
}

export type MoneyWorld = Awaited<ReturnType<typeof startMoneyWorld>>;
