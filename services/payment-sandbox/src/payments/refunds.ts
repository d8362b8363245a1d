import { bookBalance } from '../money/balance.ts';
import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { schedule } from '../state/timers.ts';
import { refused, StripeError } from '../wire/error.ts';
import type { Charge } from './charge.ts';
import { behaviourOf } from './methods.ts';

/** Money of a charge on its way back to where it came from. */
export interface Refund {
	id: string;
	object: 'refund';
	amount: number;
	balance_transaction: string | null;
	charge: string;
	created: number;
	currency: string;
	customer: string | null;
	customer_account: null;
	destination_details: unknown;
	failure_balance_transaction?: string;
	failure_reason?: string;
	metadata: Record<string, string>;
	payment_intent: string;
	payment_method: string;
	pending_reason?: 'processing';
	reason: string | null;
	receipt_number: null;
	source_transfer_reversal: null;
	status: 'pending' | 'succeeded' | 'failed' | 'canceled';
	transfer_reversal: null;
}

/** A refund whose fate is decided later gets it after this long. */
const SETTLES_AFTER_S = 5;

/** What the next refunds do, whatever the card: set by POST /_sandbox/refunds/next. */
export type NextRefund = 'pending' | 'fails' | 'refused' | null;

/** Gives back all that is left of a charge, or a part of it; 400 when that cannot be. */
export function createRefund(
	sandbox: Sandbox,
	charge: Charge,
	given: {
		amount?: number | undefined;
		reason?: string | undefined;
		metadata?: Record<string, string> | undefined;
	},
): Refund {
	const left = charge.amount_captured - charge.amount_refunded;
	const amount = given.amount ?? left;
	const next = sandbox.state.setting<NextRefund>('next-refund', null);
	sandbox.state.set('next-refund', null);
	refuseWhatCannotBe(charge, { amount, left, next });
	const method = sandbox.state.require('payment_method', charge.payment_method);
	const fate =
		next === 'refused'
			? undefined
			: (next ?? (method.type === 'card' ? behaviourOf(method).refund : undefined));
	const booked = bookBalance(sandbox, {
		...{ amount: -amount, fee: 0, currency: charge.currency, source: charge.id, type: 'refund' },
		description: `REFUND FOR CHARGE`,
	});
	const refund: Refund = {
		id: newId('re'),
		object: 'refund',
		amount,
		balance_transaction: booked.id,
		charge: charge.id,
		created: nowOf(sandbox),
		currency: charge.currency,
		customer: charge.customer,
		customer_account: null,
		destination_details:
			method.type === 'card'
				? {
						card: {
							reference_status: 'pending',
							reference_type: 'acquirer_reference_number',
							type: 'refund',
						},
						type: 'card',
					}
				: { sepa_bank_transfer: {}, type: 'sepa_bank_transfer' },
		metadata: given.metadata ?? {},
		payment_intent: charge.payment_intent,
		payment_method: charge.payment_method,
		...(fate === 'pending' ? { pending_reason: 'processing' as const } : {}),
		reason: given.reason ?? null,
		receipt_number: null,
		source_transfer_reversal: null,
		status: fate === 'pending' ? 'pending' : 'succeeded',
		transfer_reversal: null,
	};
	sandbox.state.put({ ...booked, source: refund.id });
	const refundedTotal = charge.amount_refunded + amount;
	const changed: Charge = {
		...charge,
		amount_refunded: refundedTotal,
		refunded: refundedTotal === charge.amount,
	};
	save(sandbox, refund, 'refund.created');
	save(sandbox, changed, 'charge.refunded', {
		amount_refunded: charge.amount_refunded,
		refunded: charge.refunded,
	});
	if (fate === 'pending')
		schedule(sandbox, 'refund.succeed', refund.id, refund.created + SETTLES_AFTER_S);
	if (fate === 'fails')
		schedule(sandbox, 'refund.fail', refund.id, refund.created + SETTLES_AFTER_S);
	return refund;
}

function refuseWhatCannotBe(
	charge: Charge,
	{ amount, left, next }: { amount: number; left: number; next: NextRefund },
): void {
	if (next === 'refused') {
		// Said once: that it was said stays said.
		throw new StripeError(400, 'The sandbox was told to refuse this refund.', {
			code: 'balance_insufficient',
			keepsEffects: true,
		});
	}
	if (charge.status !== 'succeeded' || !charge.captured) {
		throw refused(
			`This PaymentIntent (${charge.payment_intent}) does not have a successful charge to refund.`,
		);
	}
	if (charge.disputed) {
		throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
			code: 'charge_disputed',
		});
	}
	if (left === 0) {
		throw refused(`Charge ${charge.id} has already been refunded.`, {
			code: 'charge_already_refunded',
			charge: charge.id,
		});
	}
	if (amount > left) {
		throw refused(
			`Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`,
			{ code: 'amount_too_large', param: 'amount' },
		);
	}
	if (amount <= 0)
		throw refused('Invalid positive integer', {
			code: 'parameter_invalid_integer',
			param: 'amount',
		});
}

/** A pending refund has arrived. */
export function succeedRefund(sandbox: Sandbox, id: string): void {
	const refund = sandbox.state.get('refund', id);
	if (refund?.status !== 'pending') return;
	const { pending_reason: _reason, ...rest } = refund;
	save(sandbox, { ...rest, status: 'succeeded' }, 'refund.updated', { status: 'pending' });
}

/** The money comes back to us: the bank could not pay it out. */
export function failRefund(sandbox: Sandbox, id: string): void {
	const refund = sandbox.state.get('refund', id);
	if (refund === undefined || refund.status === 'failed') return;
	const booked = bookBalance(sandbox, {
		...{ amount: refund.amount, fee: 0, currency: refund.currency, source: refund.id },
		...{ type: 'refund_failure', description: 'REFUND FAILURE' },
	});
	const { pending_reason: _reason, ...rest } = refund;
	const failed: Refund = {
		...rest,
		status: 'failed',
		failure_balance_transaction: booked.id,
		failure_reason: 'expired_or_canceled_card',
	};
	const charge = sandbox.state.require('charge', refund.charge);
	sandbox.state.put({
		...charge,
		amount_refunded: charge.amount_refunded - refund.amount,
		refunded: false,
	});
	save(sandbox, failed, 'refund.updated', { status: refund.status });
	save(sandbox, failed, 'refund.failed');
}
