import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '@autopilot/http';
import { z } from 'zod';
import { deactivateDevice } from '../devices/devices.ts';
import { selectDevices, toDevice } from '../devices/store.ts';
import { selectInvoices } from '../invoices/store.ts';
import { assetsFor, issueDownload } from '../downloads/downloads.ts';
import { licensesOfOrder, revealLicense } from '../licenses/licenses.ts';
import { toLicense } from '../licenses/present.ts';
import { selectLicensesOfOrder } from '../licenses/store.ts';
import type { License } from '../licenses/schema.ts';
import { changeDetails } from '../orders/details.ts';
import { getOrder } from '../orders/orders.ts';
import type { Order } from '../orders/schema.ts';
import { orderState, UNPAID } from '../orders/states.ts';
import { orderIdOfToken } from '../orders/token.ts';
import { openCheckout } from '../payments/checkout.ts';
import { selectPayments } from '../payments/store.ts';
import { getShipment } from '../shipments/shipments.ts';
import { portalUrl } from '../subscriptions/subscriptions.ts';
import { selectSubscriptions } from '../subscriptions/store.ts';
import { addressChange } from './address-form.ts';
import { field, formOf, tellPerson } from './forms.ts';
import { tellLinks } from './lost-link.ts';
import { orderPage, receiptPage, type ShownLicense } from './order-page.ts';
import type { PageParts } from './pages.ts';
import { sendPage } from './shell.ts';

const open = { config: { public: true }, schema: { hide: true } };

interface OrderRoute {
	Params: { token: string; id: string };
	Querystring: { back?: string; n?: string; done?: string };
}

/**
 * How often the page looks by itself whether the payment has arrived, and the seconds until it does: first every two,
 * for most arrive at once, then more and more seldom, for twenty minutes in all.
 */
const LOOKS = 70;
const LONGEST_PAUSE = 30;
const LOOK = z.coerce.number().int().min(0);
const pauseAfter = (looks: number) => Math.min(LONGEST_PAUSE, 2 * 2 ** Math.floor(looks / 10));

/** A link lives long enough for a slow line, and to be resumed tomorrow morning. */
const LINK_SECONDS = 43_200;

const DONE: Record<string, string> = {
	mail: 'The link is on its way to you.',
	address: 'The address is saved. Please look at the total.',
	device: 'The device was removed; its seat is free.',
	cancelled: 'You have not paid. The order waits for you.',
};

/** The pages behind an order's link: who has the link is its buyer. */
export function orderRoutes(app: FastifyInstance, parts: PageParts): void {
	const { db, storeName, visitors, keys } = parts;

	app.get<OrderRoute>('/orders/:token', open, async (request, reply) => {
		const order = await orderOf(parts, request);
		const { back, n = '0', done } = request.query;
		const isBack = back === 'paid' && UNPAID.includes(order.status);
		const looks = LOOK.safeParse(n).data ?? LOOKS;
		return show(request, reply, order, {
			looks: isBack && looks < LOOKS ? looks : undefined,
			done: DONE[done ?? back ?? ''],
		});
	});
	const show = async (
		request: FastifyRequest<OrderRoute>,
		reply: FastifyReply,
		order: Order,
		told: {
			error?: string | undefined;
			status?: number;
			done?: string | undefined;
			/** How often the page has looked for the payment that the buyer has just made. */
			looks?: number | undefined;
			key?: { id: string; key: string };
		},
	) => {
		const path = `/orders/${request.params.token}`;
		const [bank, licenses, shipments, subscriptions, invoices] = await Promise.all([
			bankOf(parts, order),
			licensesOf(parts, order, told.key),
			Promise.all(order.shipments.map(({ id }) => getShipment(db, id))),
			selectSubscriptions(db, { orderId: order.id, limit: 20 }),
			selectInvoices(db, { orderId: order.id, limit: 20 }),
		]);
		// Once the bank has refused, there is nothing to look for.
		const looks = bank === 'refused' ? undefined : told.looks;
		const isLooking = looks !== undefined;
		return sendPage(reply, storeName, {
			title: `Order ${order.number}`,
			status: told.status ?? (told.error === undefined ? 200 : 409),
			refresh:
				looks === undefined
					? undefined
					: { seconds: pauseAfter(looks), url: `${path}?back=paid&n=${looks + 1}` },
			body: orderPage({
				...{ order, path, licenses, shipments, bank, isLooking },
				isConfirming: isLooking && bank === undefined,
				token: visitors.formToken(visitors.meet(request, reply)),
				subscriptions: subscriptions ?? [],
				invoices: invoices ?? [],
				error: told.error,
				done: told.done,
			}),
		});
	};

	app.get<OrderRoute>('/orders/:token/pay', open, async (request, reply) => {
		const order = await orderOf(parts, request);
		// Paid, or as good as paid: the order's page says which.
		const isDone = !UNPAID.includes(order.status) || (await bankOf(parts, order)) === 'asked';
		if (isDone) return reply.redirect(order.orderUrl, 303);
		try {
			const { url } = await openCheckout(parts, order.id, {
				successUrl: `${order.orderUrl}?back=paid`,
				cancelUrl: `${order.orderUrl}?back=cancelled`,
			});
			return await reply.header('cache-control', 'no-store').redirect(url, 303);
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			const unready = error.status >= 500;
			if (unready) request.log.error({ err: error }, 'no pay page');
			const text = unready
				? 'Payments do not work at the moment. Please try again in a while.'
				: error.message;
			return show(request, reply, await getOrder(db, order.id), {
				error: text,
				status: unready ? 503 : 409,
			});
		}
	});

	app.get<OrderRoute>('/orders/:token/receipt', open, async (request, reply) => {
		const order = await orderOf(parts, request);
		const body = receiptPage(order, storeName, `/orders/${request.params.token}`);
		return sendPage(reply, storeName, { title: `Receipt ${order.number}`, body });
	});

	app.get<OrderRoute>('/orders/:token/portal', open, async (request, reply) => {
		const order = await orderOf(parts, request);
		if (order.customerId === null) return reply.redirect(order.orderUrl, 303);
		return attempt(request, reply, order, async (customerId) =>
			reply.redirect(await portalUrl(parts, customerId, order.orderUrl), 303),
		);
	});
	/** Does something with what is outside; what it says no to is shown on the page. */
	const attempt = async (
		request: FastifyRequest<OrderRoute>,
		reply: FastifyReply,
		order: Order,
		work: (customerId: string) => Promise<unknown>,
	): Promise<unknown> => {
		try {
			return await work(order.customerId ?? '');
		} catch (error) {
			const text = tellPerson(error);
			if (text === undefined) throw error;
			return show(request, reply, order, { error: text });
		}
	};

	app.post<OrderRoute>('/orders/:token/address', open, async (request, reply) => {
		const order = await checked(request);
		return attempt(request, reply, order, async () => {
			const change = addressChange(order, formOf(request.body));
			const cause = { correlationId: request.id };
			// A link can be passed on: what is paid for goes where its buyer wanted it to.
			if (!UNPAID.includes(order.status)) throw orderState(order, 'get another address here');
			await db.transaction((tx) => changeDetails(tx, order.id, change, cause));
			return reply.redirect(`/orders/${request.params.token}?done=address`, 303);
		});
	});
	app.post<OrderRoute>('/orders/:token/licenses/:id/reveal', open, async (request, reply) => {
		const order = await checked(request);
		const { id } = await licenseOf(parts, order, request.params.id);
		return attempt(request, reply, order, async () => {
			const cause = { correlationId: request.id, actor: 'buyer' };
			const { key } = await db.transaction((tx) => revealLicense(tx, id, keys, cause));
			return show(request, reply, order, { key: { id, key } });
		});
	});
	// A form, not a link: each one is counted, and what reads mails ahead must not use them up.
	app.post<OrderRoute>('/orders/:token/licenses/:id/download', open, async (request, reply) => {
		const order = await checked(request);
		const { id: licenseId } = await licenseOf(parts, order, request.params.id);
		return attempt(request, reply, order, async () => {
			const assetId = z.uuid().parse(field(formOf(request.body), 'asset'));
			const cause = { correlationId: request.id, actor: 'buyer' };
			const wish = { licenseId, assetId, ttlSeconds: LINK_SECONDS };
			const { download } = await db.transaction((tx) => issueDownload(tx, wish, parts, cause));
			return reply.header('cache-control', 'no-store').redirect(download.url, 303);
		});
	});
	app.post<OrderRoute>('/orders/:token/devices/:id/remove', open, async (request, reply) => {
		const order = await checked(request);
		const shown = await licensesOf(parts, order, undefined);
		const device = shown
			.flatMap(({ devices }) => devices)
			.find(({ id }) => id === request.params.id);
		// Gone already, by another click: that is what was wanted.
		if (device !== undefined) {
			const cause = { correlationId: request.id, actor: 'buyer' };
			await db.transaction((tx) => deactivateDevice(tx, device.id, undefined, cause));
		}
		return reply.redirect(`/orders/${request.params.token}?done=device`, 303);
	});
	app.post<OrderRoute>(
		'/orders/:token/mail',
		{ ...open, config: { public: true, rateLimit: { max: 10, timeWindow: 3_600_000 } } },
		async (request, reply) => {
			const order = await checked(request);
			await tellLinks(db, [order], request.id);
			return reply.redirect(`/orders/${request.params.token}?done=mail`, 303);
		},
	);
	const checked = async (request: FastifyRequest<OrderRoute>): Promise<Order> => {
		visitors.checkedForm(request);
		return orderOf(parts, request);
	};
}

async function orderOf({ db }: PageParts, request: FastifyRequest<OrderRoute>): Promise<Order> {
	const id = orderIdOfToken(request.params.token);
	if (id !== undefined) return getOrder(db, id);
	throw new Problem({
		status: 404,
		code: 'order_not_found',
		detail: 'The link is not whole, or it is too old. Ask for a new one under "Find my order".',
	});
}

/** What the bank of a slow method has said so far; nothing where none was asked. */
async function bankOf({ db }: PageParts, { id }: Order): Promise<'asked' | 'refused' | undefined> {
	const [newest] = (await selectPayments(db, { orderId: id, limit: 1 })) ?? [];
	if (newest?.status === 'pending') return 'asked';
	// One without a page was refused by the gateway, before any bank heard of it.
	return newest?.status === 'failed' && newest.sessionRef !== null ? 'refused' : undefined;
}

async function licenseOf(parts: PageParts, order: Order, id: string): Promise<License> {
	const found = (await licensesOfOrder(parts.db, order.id, parts.keys)).find(
		(one) => one.id === id,
	);
	if (found !== undefined) return found;
	throw new Problem({
		status: 404,
		code: 'license_not_found',
		detail: 'There is no such licence.',
	});
}

async function licensesOf(
	{ db }: PageParts,
	order: Order,
	revealed: { id: string; key: string } | undefined,
): Promise<ShownLicense[]> {
	const rows = await selectLicensesOfOrder(db, order.id);
	return Promise.all(
		rows.map(async (row) => {
			const [devices, assets] = await Promise.all([selectDevices(db, row.id), assetsFor(db, row)]);
			return {
				license: toLicense(row, new Date()),
				devices: devices.map(toDevice),
				assets,
				key: revealed?.id === row.id ? revealed.key : undefined,
			};
		}),
	);
}
