import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { INBOX_CHANNEL, insertEvents } from '../gateway-events/store.ts';
import type { Gateway, GatewayEvent, Recent } from '../gateways/gateway.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { bookFees } from '../payments/accept.ts';
import { changePayment, lockPayment } from '../payments/store.ts';
import type { Task } from '../schedule/schedule.ts';
import { comparePayments, compareRefunds } from './compare.ts';
import type { Difference, Reconciliation } from './schema.ts';
import {
	finishReconciliation,
	insertReconciliation,
	knownEvents,
	type OurPayment,
	ourPayments,
	ourRefs,
	ourRefunds,
} from './store.ts';

const DAY_MS = 86_400_000;
const NIGHTLY_WINDOW_MS = 3 * DAY_MS;

interface Window {
	from: Date;
	to: Date;
}

/** Every night, the last three days of each gateway: as long as they send a webhook again, and a day more. */
export function reconciliationTasks({
	gateways,
	logger,
}: {
	gateways: Gateways;
	logger: Logger;
}): Task[] {
	return gateways.all().map((gateway) => ({
		name: `reconcile.${gateway.name}`,
		everyMs: DAY_MS,
		async run(db) {
			const to = new Date();
			const window = { from: new Date(to.getTime() - NIGHTLY_WINDOW_MS), to };
			const { differences } = await reconcile(db, gateway, window);
			if (differences.length > 0) {
				logger.warn({ gateway: gateway.name, differences }, 'the books differ from the gateway');
			}
		},
	}));
}

/**
 * Compares what a gateway lists with what we have, in a window. Events that never arrived go into the inbox, from where
 * they repair what they were about; all that was different is in the report, with what has been done about it.
 */
export async function reconcile(
	db: Database,
	gateway: Gateway,
	{ from, to }: Window,
): Promise<Reconciliation> {
	const id = await insertReconciliation(db, { gateway: gateway.name, from, to });
	try {
		const recent = await gateway.listRecent(from, to);
		const ours = await ourPayments(db, {
			gateway: gateway.name,
			from,
			to,
			refs: recent.payments.map(({ paymentRef }) => paymentRef),
		});
		const differences = await compare(db, gateway.name, recent, ours);
		const repaired = await takeMissed(db, gateway, recent.events, differences);
		await noteFees(db, recent.fees, ours);
		const { payments, refunds, events } = recent;
		const checked = payments.length + refunds.length + events.length;
		return await finishReconciliation(db, id, { checked, repaired, differences, error: null });
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		const none = { checked: 0, repaired: 0, differences: [] };
		return finishReconciliation(db, id, { ...none, error: text });
	}
}

async function compare(
	db: Database,
	gateway: string,
	{ payments, refunds, events }: Recent,
	ours: OurPayment[],
): Promise<Difference[]> {
	const known = await knownEvents(
		db,
		gateway,
		events.map(({ id }) => id),
	);
	const missed = events.filter(({ id }) => !known.has(id));
	const repairs = new Set(missed.map(({ objectId }) => objectId));
	const [refundRows, ofOurs] = await Promise.all([
		ourRefunds(
			db,
			gateway,
			refunds.map(({ refundRef }) => refundRef),
		),
		ourRefs(
			db,
			gateway,
			refunds.flatMap(({ paymentRef }) => (paymentRef === undefined ? [] : [paymentRef])),
		),
	]);
	const found = [
		...comparePayments(payments, ours),
		...compareRefunds(refunds, refundRows, ofOurs),
	];
	const dead = events.filter(({ id }) => known.get(id) === 'dead');
	return [
		...found.map((one) => ({
			...one,
			repair: repairs.has(one.ref) ? ('event_queued' as const) : ('none' as const),
		})),
		...dead.map(({ id, type }) => ({
			kind: 'event_dead' as const,
			ref: id,
			orderId: null,
			ours: 'dead',
			theirs: type,
			repair: 'none' as const,
		})),
	];
}

// Of what we don't follow, and of what is not ours, the inbox makes `ignored`: only the rest is a difference.
async function takeMissed(
	db: Database,
	gateway: Gateway,
	events: readonly GatewayEvent[],
	differences: Difference[],
): Promise<number> {
	const known = await knownEvents(
		db,
		gateway.name,
		events.map(({ id }) => id),
	);
	const missed = events.filter(
		({ id, type, raw }) =>
			!known.has(id) && gateway.interpret({ type, raw, fetched: undefined }).length > 0,
	);
	if (missed.length === 0) return 0;
	const named = missed.map((event) => ({ ...event, gateway: gateway.name }));
	const repaired = await insertEvents(db, named, 'reconciliation');
	await db.query('SELECT pg_notify($1, $2)', [INBOX_CHANNEL, '']);
	const told = new Set(differences.map(({ ref }) => ref));
	for (const { id, type, objectId } of missed) {
		if (told.has(objectId)) continue;
		differences.push({
			kind: 'event_missed',
			ref: id,
			orderId: null,
			ours: null,
			theirs: type,
			repair: 'event_queued',
		});
	}
	return repaired;
}

/** Gateways tell what they keep after the payment, if at all: here it comes into the books. */
async function noteFees(
	db: Database,
	fees: Recent['fees'],
	ours: readonly OurPayment[],
): Promise<void> {
	const byRef = new Map(fees.map((fee) => [fee.ref, fee]));
	for (const { id, paymentRef, chargeRef, fee: known } of ours) {
		const told = byRef.get(chargeRef ?? '') ?? byRef.get(paymentRef);
		if (told === undefined || known !== null) continue;
		await db.transaction(async (tx) => {
			const payment = await lockPayment(tx, id);
			// A fee in the currency of the bank account can't be booked beside a payment in another one.
			if (payment === undefined || payment.fee !== null || payment.currency !== told.currency) {
				return;
			}
			await changePayment(tx, id, { fee: told.fee });
			const at = new Date(payment.succeededAt ?? Date.now());
			await bookFees(tx, [{ payment, fee: told.fee, at }]);
		});
	}
}
