import { conflict, notFound } from '@autopilot/http';
import type { Database, Queryable } from '@autopilot/postgres';
import { askGateway } from '../gateways/ask.ts';
import type { Gateway, SubscriptionChanged } from '../gateways/gateway.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { findCustomerRef } from '../payments/store.ts';
import { applySubscriptionChange } from './effects.ts';
import type { Membership, Subscription } from './schema.ts';
import { findMembership, findSubscription } from './store.ts';

interface Parts {
	db: Database;
	gateways: Gateways;
}

export async function getSubscription(db: Queryable, id: string): Promise<Subscription> {
	const subscription = await findSubscription(db, id);
	if (subscription === undefined) throw notFound('subscription', id);
	return subscription;
}

/** Ends it, with the period that is paid or at once. What has ended stays so. */
export async function cancelSubscription(
	parts: Parts,
	id: string,
	options: { atPeriodEnd: boolean },
): Promise<Subscription> {
	const before = await getSubscription(parts.db, id);
	if (before.status === 'cancelled') return before;
	return ask(parts, before, (gateway, ref) => gateway.cancelSubscription(ref, options));
}

/** Takes no money until it is resumed; licences rest. */
export async function pauseSubscription(parts: Parts, id: string): Promise<Subscription> {
	const before = await running(parts.db, id);
	if (before.status === 'paused') return before;
	return ask(parts, before, (gateway, ref) => gateway.pauseSubscription(ref));
}

/** Goes on after a pause, and takes back a cancellation that has not come yet. */
export async function resumeSubscription(parts: Parts, id: string): Promise<Subscription> {
	const before = await running(parts.db, id);
	return ask(parts, before, (gateway, ref) => gateway.resumeSubscription(ref));
}

async function running(db: Queryable, id: string): Promise<Subscription> {
	const subscription = await getSubscription(db, id);
	if (subscription.status === 'cancelled') {
		throw conflict(
			'subscription_ended',
			'This subscription has ended. The customer subscribes anew with another order.',
		);
	}
	return subscription;
}

// The gateway answers with the subscription as it is now: no need to wait for its event.
async function ask(
	{ db, gateways }: Parts,
	{ id, gateway: name, subscriptionRef, orderId }: Subscription,
	wish: (gateway: Gateway, ref: string) => Promise<SubscriptionChanged>,
): Promise<Subscription> {
	const answer = await askGateway(() => wish(gateways.pick(name), subscriptionRef));
	const source = {
		gateway: name,
		at: new Date(),
		eventId: `answer:${id}:${Date.now()}`,
		fetched: true,
	};
	await db.transaction((tx) => applySubscriptionChange(tx, { ...answer, orderId }, source));
	return getSubscription(db, id);
}

export async function getMembership(db: Queryable, customerId: string): Promise<Membership> {
	const membership = await findMembership(db, customerId);
	if (membership === undefined) throw notFound('customer', customerId);
	return membership;
}

/** Where a customer changes their card, sees invoices and cancels: a page of the gateway that is open for minutes. */
export async function portalUrl(
	{ db, gateways }: Parts,
	customerId: string,
	returnUrl: string,
): Promise<string> {
	await getMembership(db, customerId);
	const ref = await findCustomerRef(db, customerId);
	if (ref === undefined) {
		throw conflict(
			'no_gateway_customer',
			'No gateway knows this customer yet: they get there with their first subscription.',
		);
	}
	return askGateway(() => gateways.pick(ref.gateway).portalUrl(ref.customerRef, returnUrl));
}
