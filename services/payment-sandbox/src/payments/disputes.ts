import { bookBalance, DISPUTE_FEE, type BalanceTransaction } from '../money/balance.ts';
import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import type { Charge } from './charge.ts';

/** A charge that the buyer wants back through the bank. */
export interface Dispute {
	id: string;
	object: 'dispute';
	amount: number;
	balance_transactions: BalanceTransaction[];
	charge: string;
	created: number;
	currency: string;
	enhanced_eligibility_types: string[];
	evidence: Record<string, unknown>;
	evidence_details: {
		due_by: number;
		enhanced_eligibility: Record<string, never>;
		has_evidence: boolean;
		past_due: boolean;
		submission_count: number;
	};
	intended_submission_method: null;
	is_charge_refundable: boolean;
	livemode: false;
	metadata: Record<string, string>;
	payment_intent: string;
	/** Of cards only. */
	payment_method_details?: unknown;
	reason: string;
	status:
		| 'needs_response'
		| 'under_review'
		| 'won'
		| 'lost'
		| 'warning_needs_response'
		| 'warning_closed';
}

const EVIDENCE_DAYS = 7;

/** The bank takes the money back, and Stripe a fee, until it is decided. */
export function openDispute(
	sandbox: Sandbox,
	charge: Charge,
	reason: string,
	amount = charge.amount,
): Dispute {
	if (charge.disputed) throw refused(`Charge ${charge.id} is disputed already.`);
	const now = nowOf(sandbox);
	const booked = bookBalance(sandbox, {
		...{ amount: -amount, fee: DISPUTE_FEE, currency: charge.currency, source: charge.id },
		...{
			type: 'adjustment',
			category: 'dispute',
			description: `Chargeback withdrawal for ${charge.id}`,
		},
	});
	const dispute: Dispute = {
		id: newId('du'),
		object: 'dispute',
		amount,
		balance_transactions: [booked],
		charge: charge.id,
		created: now,
		currency: charge.currency,
		enhanced_eligibility_types: [],
		evidence: {},
		evidence_details: {
			due_by: now + EVIDENCE_DAYS * 86_400,
			enhanced_eligibility: {},
			...{ has_evidence: false, past_due: false, submission_count: 0 },
		},
		intended_submission_method: null,
		is_charge_refundable: false,
		livemode: false,
		metadata: {},
		payment_intent: charge.payment_intent,
		...(charge.id.startsWith('py_')
			? {}
			: {
					payment_method_details: {
						card: { brand: 'visa', case_type: 'chargeback', network_reason_code: '10' },
						type: 'card',
					},
				}),
		reason,
		status: 'needs_response',
	};
	sandbox.state.put({ ...booked, source: dispute.id });
	save(sandbox, dispute, 'charge.dispute.created');
	save(sandbox, dispute, 'charge.dispute.funds_withdrawn');
	sandbox.state.put({ ...charge, disputed: true });
	return dispute;
}

const OPEN = new Set<Dispute['status']>(['needs_response', 'under_review']);

/** Adds evidence and, unless `submit` is false, hands it in; 400 when the dispute is closed. */
export function submitEvidence(
	sandbox: Sandbox,
	dispute: Dispute,
	given: { evidence?: Record<string, string> | undefined; submit?: boolean | undefined },
): Dispute {
	if (!OPEN.has(dispute.status)) throw refused('This dispute is already closed');
	const evidence = { ...dispute.evidence, ...given.evidence };
	const submitted = given.submit !== false;
	const after: Dispute = {
		...dispute,
		evidence,
		evidence_details: {
			...dispute.evidence_details,
			has_evidence: true,
			submission_count: dispute.evidence_details.submission_count + (submitted ? 1 : 0),
		},
		status: submitted ? 'under_review' : dispute.status,
	};
	save(sandbox, after, 'charge.dispute.updated', { status: dispute.status });
	if (!submitted) return after;
	// Stripe's own test words decide at once.
	if (evidence['uncategorized_text'] === 'winning_evidence')
		return closeDispute(sandbox, after, 'won');
	if (evidence['uncategorized_text'] === 'losing_evidence')
		return closeDispute(sandbox, after, 'lost');
	return after;
}

/** Decides a dispute; one that is won brings the money back. 400 when it is closed already. */
export function closeDispute(sandbox: Sandbox, dispute: Dispute, status: 'won' | 'lost'): Dispute {
	if (!OPEN.has(dispute.status)) throw refused('This dispute is already closed');
	const after: Dispute = { ...dispute, status };
	if (status === 'won') {
		const booked = bookBalance(sandbox, {
			...{
				amount: dispute.amount,
				fee: -DISPUTE_FEE,
				currency: dispute.currency,
				source: dispute.id,
			},
			...{ type: 'adjustment', category: 'dispute_reversal' },
			description: `Chargeback reversal for ${dispute.charge}`,
		});
		after.balance_transactions = [...dispute.balance_transactions, booked];
		const charge = sandbox.state.require('charge', dispute.charge);
		sandbox.state.put({ ...charge, disputed: false });
		save(sandbox, after, 'charge.dispute.funds_reinstated');
	}
	save(sandbox, after, 'charge.dispute.closed', { status: dispute.status });
	return after;
}
