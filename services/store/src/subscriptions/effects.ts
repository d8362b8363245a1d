import { emit } from '@autopilot/events';
import type { Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import type { Source } from '../gateway-events/apply.ts';
import { NeedsFetch } from '../gateway-events/errors.ts';
import type { SubscriptionChanged } from '../gateways/gateway.ts';
import { joinInvoices } from '../invoices/store.ts';
import { followSubscription } from '../licenses/follow.ts';
import { isUseless, requestCancellation } from './cancellation-store.ts';
import type { Subscription } from './schema.ts';
import {
	confirmSubscription,
	lockSubscription,
	planLines,
	saveSubscription,
	type SubscriptionValues,
} from './store.ts';

const DAY_MS = 86_400_000;

/**
 * The gateway's word about a subscription. Only a newer one moves it; times of events are whole seconds, so what is of
 * the same second and says something else is asked for.
 * @throws {NeedsFetch}
 */
export async function applySubscriptionChange(
	tx: Tx,
	fact: SubscriptionChanged,
	source: Source,
): Promise<boolean> {
	const known = await lockSubscription(tx, source.gateway, fact.subscriptionRef);
	if (known === undefined) return begin(tx, fact, source);
	const age = secondsOf(source.at) - secondsOf(known.sourceAt);
	if (age < 0 && !source.fetched) return true;
	// Asked for before a command was answered, and applied after it: the answer is the newer word.
	if (source.fetched && known.askedAt !== null && source.at < known.askedAt) return true;
	const values = valuesOf(fact, source, known);
	if (same(known.subscription, values)) {
		// Nothing new, but known to be so at a later time: what is told of the time before must not undo it.
		await confirmSubscription(tx, known.subscription.id, values);
		return true;
	}
	if (age === 0 && !source.fetched) {
		throw new NeedsFetch(`Two states of ${fact.subscriptionRef} are of the same second.`);
	}
	const { orderId, orderLineId } = known.subscription;
	const { subscription } = await saveSubscription(
		tx,
		{ gateway: source.gateway, subscriptionRef: fact.subscriptionRef, orderId, orderLineId },
		values,
	);
	for (const type of told(known.subscription, subscription)) await tell(tx, subscription, type);
	await follow(tx, subscription, { at: values.sourceAt, id: source.eventId });
	return true;
}

async function begin(tx: Tx, fact: SubscriptionChanged, source: Source): Promise<boolean> {
	if (fact.orderId === undefined) return false;
	const { orderId, subscriptionRef } = fact;
	const [line] = await planLines(tx, orderId);
	if (line === undefined) return false;
	if (fact.paymentId !== undefined && (await isUseless(tx, fact.paymentId))) {
		const { gateway } = source;
		await requestCancellation(tx, orderId, 'payment_rejected', { gateway, subscriptionRef });
		return true;
	}
	const { subscription } = await saveSubscription(
		tx,
		{ gateway: source.gateway, subscriptionRef, orderId, orderLineId: line.id },
		valuesOf(fact, source, { graceDays: line.graceDays }),
	);
	await joinInvoices(tx, subscription);
	await tell(tx, subscription, 'subscription.created');
	for (const type of told(undefined, subscription)) await tell(tx, subscription, type);
	await follow(tx, subscription, { at: source.at, id: source.eventId });
	return true;
}

function valuesOf(
	fact: SubscriptionChanged,
	{ at, fetched }: Source,
	{
		subscription: before,
		sourceAt,
		graceDays,
	}: { subscription?: Subscription; sourceAt?: Date; graceDays: number },
): SubscriptionValues {
	const owing = fact.status === 'past_due' || fact.status === 'unpaid';
	const grace =
		before?.graceUntil == null ? at.getTime() + graceDays * DAY_MS : Date.parse(before.graceUntil);
	const paused = before?.pausedAt == null ? at : new Date(before.pausedAt);
	return {
		customerRef: fact.customerRef,
		// Gateways may leave it past_due for ever; here the grace has an end.
		status: fact.status === 'past_due' && grace <= Date.now() ? 'unpaid' : fact.status,
		currentPeriodStart: fact.currentPeriodStart,
		currentPeriodEnd: fact.currentPeriodEnd,
		trialEndsAt: fact.trialEndsAt,
		cancelAtPeriodEnd: fact.cancelAtPeriodEnd,
		cancelledAt: fact.cancelledAt,
		endedAt: fact.endedAt,
		pausedAt: fact.status === 'paused' ? paused : undefined,
		graceUntil: owing ? new Date(grace) : undefined,
		sourceAt: later(at, sourceAt),
		askedAt: fetched ? at : undefined,
	};
}

function same(before: Subscription, values: SubscriptionValues): boolean {
	return (
		before.status === values.status &&
		before.cancelAtPeriodEnd === values.cancelAtPeriodEnd &&
		before.endedAt === isoOf(values.endedAt) &&
		(values.currentPeriodEnd === undefined ||
			before.currentPeriodEnd === isoOf(values.currentPeriodEnd))
	);
}

/** What a move from one state to the next is called. */
function told(before: Subscription | undefined, after: Subscription): EventType[] {
	const events: EventType[] = [];
	const { status } = after;
	if (status !== before?.status) {
		if (status === 'past_due') events.push('subscription.past_due');
		if (status === 'unpaid') events.push('subscription.unpaid');
		if (status === 'paused') events.push('subscription.paused');
		if (before?.status === 'paused' && status !== 'cancelled') events.push('subscription.resumed');
	}
	const ending = after.cancelAtPeriodEnd || status === 'cancelled';
	const wasEnding =
		before !== undefined && (before.cancelAtPeriodEnd || before.status === 'cancelled');
	if (ending && !wasEnding) events.push('subscription.cancelled');
	if (!ending && wasEnding) events.push('subscription.resumed');
	if (status === 'cancelled' && before?.status !== 'cancelled') events.push('subscription.ended');
	return [...new Set(events)];
}

/** Lets the licences of the order's plan lines follow. */
export async function follow(
	tx: Tx,
	subscription: Subscription,
	source: { at: Date; id: string },
): Promise<void> {
	const { correlationId, orderId, status, currentPeriodEnd, endedAt, graceUntil } = subscription;
	for (const { id: orderLineId } of await planLines(tx, orderId)) {
		await followSubscription(
			tx,
			{
				subscriptionId: subscription.id,
				orderLineId,
				status,
				currentPeriodEnd: status === 'cancelled' ? (endedAt ?? currentPeriodEnd) : currentPeriodEnd,
				graceUntil: status === 'past_due' ? graceUntil : null,
				sourceAt: source.at,
				sourceId: source.id,
			},
			{ correlationId },
		);
	}
}

/** Tells what has become of a subscription; the data is the subscription with plan and order. */
export async function tell(tx: Tx, subscription: Subscription, type: EventType): Promise<void> {
	await emit(tx, {
		type,
		aggregate: { type: 'subscription', id: subscription.id },
		data: subscription,
		correlationId: subscription.correlationId,
	});
}

// What moves it is the newest there is, whatever the clocks say: an answer of ours may be ahead of the gateway's.
function later(at: Date, known: Date | undefined): Date {
	return known === undefined || known < at ? at : new Date(known.getTime() + 1);
}

function secondsOf(at: Date): number {
	return Math.floor(at.getTime() / 1000);
}

function isoOf(at: Date | undefined): string | null {
	return at?.toISOString() ?? null;
}
