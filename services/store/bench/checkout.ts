import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { Agent, request } from 'undici';
import { z } from 'zod';

const BUYERS = 30;
const answerId = z.object({ id: z.string() });
const answerPage = z.object({ payment: z.object({ id: z.string(), sessionRef: z.string() }) });
const answerPaid = z.object({ data: z.array(z.unknown()), nextCursor: z.string().nullable() });

/** A gateway that answers at once and keeps nothing, so that the store is what is measured. */
export async function startInstantGateway(): Promise<{ url: string; close(): Promise<void> }> {
	let count = 0;
	const server = createServer((incoming, response) => {
		incoming.resume().on('end', () => {
			const id = `cs_bench_${++count}`;
			const body = JSON.stringify({
				id,
				object: 'checkout.session',
				url: `http://127.0.0.1/pay/${id}`,
				expires_at: Math.floor(Date.now() / 1000) + 3600,
			});
			response.writeHead(200, { 'content-type': 'application/json' }).end(body);
		});
	});
	const port = await new Promise<number>((resolve) => {
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			resolve(typeof address === 'object' && address !== null ? address.port : 0);
		});
	});
	return {
		url: `http://127.0.0.1:${port}`,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}

export interface CheckoutLoad {
	/** Orders per second from the first request to the last order that is paid. */
	rate: number;
	/** Milliseconds from order to the answer of the last webhook, 95th percentile. */
	p95: number;
	orders: number;
}

/**
 * Buyers who order, open the pay page and pay, one order after the other; the gateway tells each payment by two signed
 * events. It ends when the last of the orders is paid, so the worker's part is in the rate.
 */
export async function loadCheckout(options: {
	origin: string;
	key: string;
	webhookSecret: string;
	skus: readonly string[];
	seconds: number;
}): Promise<CheckoutLoad> {
	const dispatcher = new Agent({ connections: BUYERS, pipelining: 1 });
	const post = async (path: string, body: string, headers: Record<string, string>) => {
		const answer = await request(`${options.origin}${path}`, {
			method: 'POST',
			dispatcher,
			body,
			headers: { 'content-type': 'application/json', ...headers },
		});
		const text = await answer.body.text();
		if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
		return text;
	};
	const authorization = `Bearer ${options.key}`;
	const tell = (type: string, object: { id: string }) => {
		const created = Math.floor(Date.now() / 1000);
		const body = JSON.stringify({
			id: `evt_${type}_${object.id}`,
			object: 'event',
			type,
			created,
			data: { object },
		});
		const v1 = createHmac('sha256', options.webhookSecret)
			.update(`${created}.${body}`)
			.digest('hex');
		return post('/webhooks/stripe', body, { 'stripe-signature': `t=${created},v1=${v1}` });
	};
	const times: number[] = [];
	const began = performance.now();
	const until = began + options.seconds * 1000;
	const buyer = async (number: number) => {
		for (let round = number; performance.now() < until; round += BUYERS) {
			const start = performance.now();
			const sku = options.skus[round % options.skus.length];
			const order = await post(
				'/api/v1/orders',
				JSON.stringify({ email: `buyer-${number}@example.com`, lines: [{ sku, quantity: 1 }] }),
				{ authorization },
			);
			const { id } = answerId.parse(JSON.parse(order));
			const page = await post(`/api/v1/orders/${id}/checkout`, '{}', { authorization });
			const { payment } = answerPage.parse(JSON.parse(page));
			const metadata = { order_id: id, payment_id: payment.id };
			const paid = { amount: 8900, currency: 'eur', intent: `pi_${payment.id}` };
			await Promise.all([
				tell('checkout.session.completed', {
					...{ id: payment.sessionRef, client_reference_id: id, metadata, mode: 'payment' },
					...{ payment_status: 'paid', amount_total: paid.amount, currency: paid.currency },
					...{ payment_intent: paid.intent },
				} as { id: string }),
				tell('payment_intent.succeeded', {
					...{ id: paid.intent, metadata, amount: paid.amount, amount_received: paid.amount },
					...{
						currency: paid.currency,
						status: 'succeeded',
						created: 1,
						latest_charge: `ch_${id}`,
					},
				} as { id: string }),
			]);
			times.push(performance.now() - start);
		}
	};
	await Promise.all(Array.from({ length: BUYERS }, (_, number) => buyer(number)));
	for (;;) {
		const answer = await request(`${options.origin}/api/v1/orders?status=pending_payment&limit=1`, {
			dispatcher,
			headers: { authorization },
		});
		if (answerPaid.parse(await answer.body.json()).data.length === 0) break;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	const elapsed = (performance.now() - began) / 1000;
	await dispatcher.close();
	times.sort((a, b) => a - b);
	return {
		rate: times.length / elapsed,
		p95: times[Math.floor(times.length * 0.95)] ?? 0,
		orders: times.length,
	};
}
