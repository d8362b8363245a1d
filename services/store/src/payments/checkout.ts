import { conflict } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { durationOf } from '../coupons/store.ts';
import { askGateway } from '../gateways/ask.ts';
import { type Gateway, GatewayRefused } from '../gateways/gateway.ts';
import type { Gateways } from '../gateways/gateways.ts';
import type { IssueForOrder } from '../licenses/issue.ts';
import { getOrder, lockOrder } from '../orders/orders.ts';
import type { Order } from '../orders/schema.ts';
import { changeDetails } from '../orders/details.ts';
import { orderState, UNPAID } from '../orders/states.ts';
import { requestOf } from './checkout-request.ts';
import { beginPage, closePage, openPage, type PagePayment, plansOf } from './checkout-store.ts';
import { applyPaymentSucceeded } from './effects.ts';
import type { Checkout, CreateCheckout } from './schema.ts';
import { findCustomerRef, findPayment, insertPayment } from './store.ts';

export interface CheckoutParts {
	db: Database;
	gateways: Gateways;
	issueForOrder: IssueForOrder;
}

// A page that closes while the buyer looks for their card is no page.
const LEAST_LEFT_MS = 60_000;

/** How often an order may get another price while its page is being asked for. */
const TRIES = 3;

/**
 * The page where an order is paid. The one that is open is given again; the gateway is asked outside of any
 * transaction, with the payment's id as idempotency key, so that a repetition after a crash gets the same page.
 * An order that costs nothing is paid here and now. One that gets another price meanwhile is asked for anew.
 * @throws {Problem} 409 `order_state`, `payment_pending`; 502, 503 of the gateway
 */
export async function openCheckout(
	parts: CheckoutParts,
	idOrNumber: string,
	wish: CreateCheckout,
): Promise<Checkout> {
	const { shippingAddress, billingAddress, ...page } = wish;
	if (shippingAddress !== undefined || billingAddress !== undefined) {
		const { id, correlationId } = await getOrder(parts.db, idOrNumber);
		const addresses = {
			...(shippingAddress === undefined ? {} : { shippingAddress }),
			...(billingAddress === undefined ? {} : { billingAddress }),
		};
		await parts.db.transaction((tx) => changeDetails(tx, id, addresses, { correlationId }));
	}
	for (let tries = 0; tries < TRIES; tries++) {
		const checkout = await pageOf(parts, await getOrder(parts.db, idOrNumber), page);
		if (checkout !== undefined) return checkout;
	}
	throw conflict('order_repriced', 'The order has just got another price. Ask again.');
}

/** @returns undefined when the order costs something else by now */
async function pageOf(
	parts: CheckoutParts,
	order: Order,
	wish: CreateCheckout,
): Promise<Checkout | undefined> {
	const { db, gateways } = parts;
	if (!UNPAID.includes(order.status)) throw orderState(order, 'be paid');
	const planIds = order.lines.flatMap(({ planId }) => (planId === null ? [] : [planId]));
	if (order.total === 0 && planIds.length === 0) return payNothing(parts, order);
	const gateway = gateways.pick(wish.gateway);
	const { couponCode } = order;
	const [plans, couponDuration = 'once', customer] = await Promise.all([
		plansOf(db, planIds),
		planIds.length === 0 || couponCode === null ? undefined : durationOf(db, couponCode),
		order.customerId === null ? undefined : findCustomerRef(db, order.customerId, gateway.name),
	]);
	const request = requestOf(order, plans, {
		successUrl: wish.successUrl ?? order.orderUrl,
		cancelUrl: wish.cancelUrl ?? order.orderUrl,
		customerRef: customer?.customerRef,
		couponDuration,
	});
	const { id: orderId, total } = order;
	const page = { orderId, gateway: gateway.name, amount: request.amount, total, request };
	let begun = await beginPage(db, page);
	if (begun !== undefined && isOver(begun, gateway.name)) {
		await dropPage(parts, begun);
		begun = await beginPage(db, page);
	}
	return begun === undefined ? undefined : ask(parts, gateway, order, begun);
}

async function ask(
	{ db }: CheckoutParts,
	...[gateway, order, { payment, request, url, expiresAt }]: [Gateway, Order, PagePayment]
): Promise<Checkout | undefined> {
	if (payment.status === 'pending') {
		throw conflict(
			'payment_pending',
			`Order ${order.number} has been paid by a slow method. Wait for order.paid or order.payment_failed.`,
		);
	}
	if (payment.status === 'open' && url !== null && expiresAt !== null) {
		return { url, expiresAt: expiresAt.toISOString(), payment };
	}
	const session = await askGateway(() =>
		gateway
			.createCheckout({ ...request, paymentId: payment.id, expiresAt: new Date(request.expiresAt) })
			.catch(async (error: unknown) => {
				// It will refuse this request for ever; the next one is another payment.
				if (error instanceof GatewayRefused) {
					await closePage(db, payment.id, { status: 'failed', failure: error });
				}
				throw error;
			}),
	);
	const opened = await openPage(db, payment.id, session);
	// The next one to ask closes it.
	if (opened?.superseded === true) return undefined;
	// Closed while the gateway was asked, when nobody knew what to close there.
	if (opened?.status === 'expired') {
		await askGateway(() => gateway.expireCheckout(session.sessionRef));
		return undefined;
	}
	// Called off while the gateway was asked: the page is known by now, and closed there by the worker.
	if (opened?.status === 'open' && !UNPAID.some((status) => status === opened.order.status)) {
		throw orderState(await getOrder(db, order.id), 'be paid');
	}
	return {
		url: session.url,
		expiresAt: session.expiresAt.toISOString(),
		payment: opened ?? payment,
	};
}

function isOver({ payment, expiresAt }: PagePayment, gateway: string): boolean {
	if (payment.status === 'pending') return false;
	if (payment.superseded) return true;
	if (payment.gateway !== gateway) return true;
	return expiresAt !== null && expiresAt.getTime() - Date.now() < LEAST_LEFT_MS;
}

// Closed there first: a page that nobody remembers must not take money.
async function dropPage({ db, gateways }: CheckoutParts, { payment }: PagePayment): Promise<void> {
	const { sessionRef, gateway } = payment;
	if (sessionRef !== null) {
		await askGateway(() => gateways.pick(gateway).expireCheckout(sessionRef));
	}
	await closePage(db, payment.id, { status: 'expired' });
}

async function payNothing(
	{ db, issueForOrder }: CheckoutParts,
	order: Order,
): Promise<Checkout | undefined> {
	const id = await db.transaction(async (tx) => {
		const { order: now } = await lockOrder(tx, order.id);
		if (!UNPAID.includes(now.status)) throw orderState(now, 'be paid');
		if (now.total > 0) return undefined;
		const payment = await insertPayment(tx, {
			orderId: order.id,
			kind: 'order',
			gateway: 'none',
			// Not under way: a page of an old price may be, until the worker has closed it.
			status: 'expired',
			amount: 0,
			currency: order.currency,
		});
		if (payment === undefined) throw orderState(order, 'be paid');
		const { id: paymentId, orderId, currency } = payment;
		const source = {
			gateway: 'none',
			at: new Date(),
			eventId: `free:${paymentId}`,
			fetched: false,
			issueForOrder,
		};
		await applyPaymentSucceeded(
			tx,
			{ kind: 'payment_succeeded', orderId, paymentId, amount: 0, currency },
			source,
		);
		return paymentId;
	});
	if (id === undefined) return undefined;
	const payment = await findPayment(db, id);
	if (payment === undefined) throw new Error('The payment that was just made is gone.');
	return { url: order.orderUrl, expiresAt: order.expiresAt, payment };
}
