import type { FastifyInstance, FastifyReply } from 'fastify';
import { payInvoice } from '../billing/collect.ts';
import type { PortalSession } from '../billing/portal.ts';
import {
	changeSubscription,
	periodOf,
	scheduleNext,
	type Subscription,
} from '../billing/subscription.ts';
import { cardOfNumber } from '../payments/cards.ts';
import { createMethod } from '../payments/methods.ts';
import { nowOf, save, type Sandbox } from '../sandbox.ts';
import { invoicePage, portalPage, receiptPage } from './billing-pages.ts';
import { sendPage } from './layout.ts';
import { notice } from './pay-page.ts';
import { field } from './form.ts';

type IdRoute = { Params: { id: string }; Querystring: { done?: string } };

/** A portal link works this long, as Stripe's does until it is used. */
const PORTAL_SECONDS = 3600;

const DONE: Record<string, string> = {
	card: 'The card has been changed.',
	cancel: 'It will end with the present period. Until then you can change your mind.',
	keep: 'The subscription goes on.',
};

/** `/portal/{id}`, `/invoices/{id}` and `/receipts/{charge}`. */
export function billingPageRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	const { state, config } = sandbox;
	app.get<IdRoute>('/portal/:id', (request, reply) => {
		const portal = openPortal(sandbox, request.params.id);
		if (portal === undefined) return gone(reply);
		return showPortal(sandbox, reply, portal, { done: DONE[request.query.done ?? ''] });
	});
	app.post<IdRoute>('/portal/:id', (request, reply) => {
		const portal = openPortal(sandbox, request.params.id);
		const subscription = state.get('subscription', field(request.body, 'subscription'));
		if (portal === undefined || subscription?.customer !== portal.customer) return gone(reply);
		const action = field(request.body, 'action');
		if (action === 'card') {
			const card = cardOfNumber(field(request.body, 'number'));
			if (card === undefined) {
				return showPortal(sandbox, reply, portal, { error: 'That is not a test card.' });
			}
			state.atomically(() => changeCard(sandbox, subscription, card));
		} else if (action === 'cancel' || action === 'keep') {
			state.atomically(() => endOrKeep(sandbox, subscription, action === 'cancel'));
		}
		sandbox.wake();
		return reply.redirect(
			`/portal/${portal.id}?done=${action === 'card' || action === 'keep' ? action : 'cancel'}`,
			303,
		);
	});
	for (const path of ['/invoices/:id', '/invoices/:id/pdf']) {
		app.get<IdRoute>(path, (request, reply) => {
			const invoice = state.get('invoice', request.params.id);
			if (invoice === undefined) return gone(reply);
			return sendPage(reply, {
				title: `Invoice ${invoice.number ?? ''}`,
				body: invoicePage(invoice),
			});
		});
	}
	app.post<IdRoute>('/invoices/:id', (request, reply) => {
		const invoice = state.get('invoice', request.params.id);
		const card = cardOfNumber(field(request.body, 'number'));
		if (invoice?.status !== 'open') return gone(reply);
		if (card !== undefined) {
			state.atomically(() => {
				const method = createMethod(sandbox, card, { customer: invoice.customer });
				return payInvoice(sandbox, invoice, method.id);
			});
			sandbox.wake();
		}
		return reply.redirect(`/invoices/${invoice.id}`, 303);
	});
	app.get<IdRoute>('/receipts/:id', (request, reply) => {
		const charge = state.get('charge', request.params.id);
		if (charge === undefined) return gone(reply);
		return sendPage(reply, { title: 'Receipt', body: receiptPage(charge, config.STORE_NAME) });
	});
}

function openPortal(sandbox: Sandbox, id: string): PortalSession | undefined {
	const portal = sandbox.state.get('billing_portal.session', id);
	if (portal === undefined || nowOf(sandbox) - portal.created > PORTAL_SECONDS) return undefined;
	return portal;
}

function gone(reply: FastifyReply): FastifyReply {
	return sendPage(reply, {
		title: 'Not found',
		status: 404,
		body: notice(
			'There is nothing here',
			'The link is wrong or has run out. Ask the shop for a new one.',
		),
	});
}

function showPortal(
	sandbox: Sandbox,
	reply: FastifyReply,
	portal: PortalSession,
	told: { error?: string | undefined; done?: string | undefined },
): FastifyReply {
	const { state } = sandbox;
	const customer = state.get('customer', portal.customer);
	if (customer === undefined) return gone(reply);
	const subscriptions = state
		.all('subscription', { customer: customer.id })
		.reverse()
		.map((subscription) => ({
			subscription,
			title:
				state.get('product', subscription.items.data[0]?.price.product ?? '')?.name ??
				'Subscription',
			method:
				subscription.default_payment_method === null
					? undefined
					: state.get('payment_method', subscription.default_payment_method),
		}));
	return sendPage(reply, {
		title: 'Your subscriptions',
		status: told.error === undefined ? 200 : 422,
		body: portalPage({
			...{ portal, customer, subscriptions, ...told },
			invoices: state.all('invoice', { customer: customer.id }).reverse(),
		}),
	});
}

function changeCard(
	sandbox: Sandbox,
	subscription: Subscription,
	card: NonNullable<ReturnType<typeof cardOfNumber>>,
): void {
	const { state } = sandbox;
	const method = createMethod(sandbox, card, { customer: subscription.customer });
	save(sandbox, method, 'payment_method.attached');
	changeSubscription(sandbox, subscription, { ...subscription, default_payment_method: method.id });
	const open = state
		.all('invoice', { subscription: subscription.id })
		.filter(({ status }) => status === 'open')
		.at(-1);
	if (open !== undefined) payInvoice(sandbox, open, method.id);
}

function endOrKeep(sandbox: Sandbox, before: Subscription, ends: boolean): void {
	const after: Subscription = {
		...before,
		cancel_at_period_end: ends,
		cancel_at: ends ? periodOf(before).end : null,
		canceled_at: ends ? nowOf(sandbox, before.test_clock) : null,
		cancellation_details: {
			...before.cancellation_details,
			reason: ends ? 'cancellation_requested' : null,
		},
	};
	changeSubscription(sandbox, before, after);
	scheduleNext(sandbox, { ...after, cancel_at: null });
}
