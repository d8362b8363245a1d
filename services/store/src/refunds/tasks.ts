import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { GatewayRefused, type RefundChanged } from '../gateways/gateway.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { lockPayment } from '../payments/store.ts';
import type { Task } from '../schedule/schedule.ts';
import { applyRefundChange, refuseRefund } from './effects.ts';
import { claimRequested, type DueRefund, findRefund, postponeRefund } from './store.ts';

const BATCH = 10;
const LEASE_SECONDS = 120;
const LONGEST_WAIT_SECONDS = 3600;

interface Parts {
	gateways: Gateways;
	logger: Logger;
}

/** Asks the gateways for the refunds that were requested. */
export function refundTasks(parts: Parts): Task[] {
	return [{ name: 'refunds.send', everyMs: 500, run: (db) => sendRefunds(db, parts) }];
}

/**
 * Asks for what is due. The idempotency key is the refund's id: whoever asks again, after a lost answer or a kill,
 * gets the first answer and no second refund. No answer is asked for again, ever later, up to once in an hour.
 */
export async function sendRefunds(db: Database, parts: Parts): Promise<void> {
	for (;;) {
		const due = await claimRequested(db, { limit: BATCH, leaseSeconds: LEASE_SECONDS });
		await Promise.all(due.map((refund) => send(db, refund, parts)));
		if (due.length < BATCH) return;
	}
}

async function send(db: Database, due: DueRefund, { gateways, logger }: Parts): Promise<void> {
	const facts = { refund: due.id, gateway: due.gateway };
	let answer: RefundChanged;
	try {
		answer = await gateways.pick(due.gateway).refund({ ...due, refundId: due.id });
	} catch (error) {
		const failure = error instanceof Error ? error.message : String(error);
		logger.warn({ err: error, ...facts }, 'a refund was not taken');
		if (error instanceof GatewayRefused) await refuse(db, due, failure);
		else {
			const seconds = Math.min(LONGEST_WAIT_SECONDS, 2 ** due.attempts);
			await postponeRefund(db, due.id, { failure, seconds });
		}
		return;
	}
	const source = { gateway: due.gateway, at: new Date(), eventId: due.id };
	await db.transaction((tx) =>
		applyRefundChange(tx, { ...answer, paymentId: due.paymentId, refundId: due.id }, source),
	);
}

async function refuse(db: Database, due: DueRefund, failure: string): Promise<void> {
	await db.transaction(async (tx) => {
		const payment = await lockPayment(tx, due.paymentId);
		const refund = await findRefund(tx, due.id);
		if (payment === undefined || refund?.status !== 'requested') return;
		await refuseRefund(tx, refund, payment, failure);
	});
}
