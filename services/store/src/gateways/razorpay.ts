import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type CheckoutRequest, type Gateway, GatewayRefused, type Recent } from './gateway.ts';
import { createRazorpayClient, type RazorpayClient } from './razorpay-client.ts';
import { razorpayEventOf, razorpayRefundOf, readRazorpayEvent } from './razorpay-facts.ts';
import { collectionOf, razorpayLink, razorpayPayment, razorpayRefund } from './razorpay-objects.ts';
import { badSignature, secretMissing } from './webhook-problems.ts';

const PAGE = 100;
const MOST_AHEAD_MS = 300_000;

export interface RazorpayOptions {
	keyId: string;
	keySecret: string;
	webhookSecret: string | undefined;
	apiUrl: string | undefined;
}

/** Razorpay by its HTTP API: payment links as pay pages. It has no list of events, and its plans are not ours. */
export function createRazorpayGateway(options: RazorpayOptions): Gateway {
	const apiUrl = (options.apiUrl ?? 'https://api.razorpay.com').replace(/\/+$/, '');
	const client = createRazorpayClient({ ...options, apiUrl });
	return {
		name: 'razorpay',
		createCheckout: (request) => createLink(client, request),
		async expireCheckout(sessionRef) {
			const link = await client.ask('GET', `/payment_links/${sessionRef}`, razorpayLink);
			if (link.status !== 'created') return;
			await client.ask('POST', `/payment_links/${sessionRef}/cancel`, razorpayLink);
		},
		async refund({ refundId, orderId, paymentRef, amount }) {
			if (paymentRef === null) throw new GatewayRefused('no_payment', 'It was not paid here.');
			const notes = { order_id: orderId, refund_id: refundId };
			const refund = await client.ask('POST', `/payments/${paymentRef}/refund`, z.unknown(), {
				body: { amount, speed: 'normal', receipt: refundId, notes },
				idempotencyKey: `refund-${refundId}`,
			});
			return razorpayRefundOf(refund);
		},
		cancelSubscription: noSubscriptions,
		pauseSubscription: noSubscriptions,
		resumeSubscription: noSubscriptions,
		portalUrl: () => {
			throw new GatewayRefused('no_portal', 'Razorpay has no customer portal.');
		},
		verifyWebhook(body, headers) {
			if (options.webhookSecret === undefined) throw secretMissing('RAZORPAY_WEBHOOK_SECRET');
			verify(body, headers['x-razorpay-signature'], options.webhookSecret);
			const id = headers['x-razorpay-event-id'];
			return readEnvelope(body, typeof id === 'string' ? id : undefined);
		},
		interpret: readRazorpayEvent,
		fetch: () => {
			throw new Error('Razorpay events hold all that is needed.');
		},
		listRecent: (from, to) => listRecent(client, from, to),
	};
}

// There is no idempotency key for links; the reference, which is unique, does its work.
async function createLink(client: RazorpayClient, request: CheckoutRequest) {
	if (request.lines.some(({ recurring }) => recurring !== undefined)) await noSubscriptions();
	const link = await client
		.ask('POST', '/payment_links', razorpayLink, {
			body: {
				amount: request.amount,
				currency: request.currency,
				accept_partial: false,
				reference_id: request.paymentId,
				description: `Order ${request.orderNumber}`,
				customer: { email: request.email },
				notify: { email: false, sms: false },
				reminder_enable: false,
				notes: { order_id: request.orderId, payment_id: request.paymentId },
				callback_url: request.successUrl,
				callback_method: 'get',
				expire_by: Math.floor(request.expiresAt.getTime() / 1000),
			},
		})
		.catch(async (error: unknown) => {
			if (!(error instanceof GatewayRefused)) throw error;
			const known = await client.ask(
				'GET',
				'/payment_links',
				z.object({ payment_links: z.array(razorpayLink) }),
				{ query: { reference_id: request.paymentId } },
			);
			const [link] = known.payment_links;
			if (link === undefined) throw error;
			return link;
		});
	return { sessionRef: link.id, url: link.short_url, expiresAt: request.expiresAt };
}

function verify(body: Buffer, header: string | string[] | undefined, secret: string): void {
	const expected = createHmac('sha256', secret).update(body).digest();
	const given = Buffer.from(typeof header === 'string' ? header : '', 'hex');
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
		throw badSignature('The signature was not made with our secret over this body.');
	}
}

// The signature holds no time and the event is sent again for a day, so there is a bound for the future only.
function readEnvelope(body: Buffer, id: string | undefined) {
	const raw = body.toString('utf8');
	try {
		const event = razorpayEventOf(raw, id ?? createHash('sha256').update(body).digest('hex'));
		if (event.occurredAt.getTime() - Date.now() <= MOST_AHEAD_MS) return event;
	} catch (error) {
		throw badSignature('The body is no Razorpay event.', error);
	}
	throw badSignature('The event is of the future. Set the clock.');
}

async function noSubscriptions(): Promise<never> {
	throw new GatewayRefused(
		'no_subscriptions',
		'Subscriptions are sold through Stripe only; take that gateway for this order.',
	);
}

/** Events are not listed there: those that a payment or refund must have caused are made from it. */
async function listRecent(client: RazorpayClient, from: Date, to: Date): Promise<Recent> {
	const payments = await all(client, '/payments', razorpayPayment, { from, to });
	const refunds = await all(client, '/refunds', razorpayRefund, { from, to });
	const captured = payments.filter(({ status }) => status === 'captured' || status === 'refunded');
	return {
		payments: payments.map(({ id, notes, amount, currency, status, created_at }) => ({
			paymentRef: id,
			orderId: notes.order_id,
			amount,
			currency,
			succeeded: status === 'captured' || status === 'refunded',
			createdAt: new Date(created_at * 1000),
		})),
		refunds: refunds.map((refund) => {
			const { refundRef, paymentRef, amount, currency, status } = razorpayRefundOf(refund);
			const createdAt = new Date(refund.created_at * 1000);
			return { refundRef, paymentRef, amount, currency, status, createdAt };
		}),
		events: [
			...captured.map((payment) => made('payment.captured', 'payment', payment)),
			...refunds.map((refund) =>
				made(`refund.${refund.status === 'processed' ? 'processed' : 'created'}`, 'refund', refund),
			),
		],
		fees: captured.flatMap(({ id, fee, currency }) =>
			fee == null ? [] : [{ ref: id, fee, currency }],
		),
	};
}

function made(event: string, name: string, entity: { id: string; created_at: number }) {
	const raw = JSON.stringify({
		event,
		created_at: entity.created_at,
		payload: { [name]: { entity } },
	});
	return razorpayEventOf(raw, `listed:${event}:${entity.id}`);
}

async function all<Item>(
	client: RazorpayClient,
	path: string,
	item: z.ZodType<Item>,
	{ from, to }: { from: Date; to: Date },
): Promise<Item[]> {
	const found: Item[] = [];
	for (;;) {
		const { items } = await client.ask('GET', path, collectionOf(item), {
			query: {
				from: Math.floor(from.getTime() / 1000),
				to: Math.ceil(to.getTime() / 1000),
				count: PAGE,
				skip: found.length,
			},
		});
		found.push(...items);
		if (items.length < PAGE) return found;
	}
}
