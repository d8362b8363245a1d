import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';

/** What an event did to the account's balance, in minor units; the net is without the fee. */
export interface BalanceTransaction {
	id: string;
	object: 'balance_transaction';
	amount: number;
	available_on: number;
	balance_type: 'payments';
	created: number;
	currency: string;
	description: string | null;
	exchange_rate: null;
	fee: number;
	fee_details: {
		amount: number;
		application: null;
		currency: string;
		description: string;
		type: 'stripe_fee';
	}[];
	net: number;
	reporting_category: string;
	source: string;
	status: 'available' | 'pending';
	type: 'charge' | 'payment' | 'refund' | 'refund_failure' | 'adjustment' | 'payout';
	/** Which payout carried it away, for the list's `payout` filter. Stripe's object has no such field. */
	payout?: string;
}

/** Stripe's price for European cards: 1.4 % + 25 of the smallest unit, whatever the currency. */
export function processingFee(amount: number): number {
	return Math.round((amount * 14) / 1000) + 25;
}

/** What Stripe takes for a dispute, win or lose; refunded here when it is won. */
export const DISPUTE_FEE = 2000;

/** Books an amount less its fee; available at once. */
export function bookBalance(
	sandbox: Sandbox,
	entry: {
		amount: number;
		fee: number;
		currency: string;
		source: string;
		type: BalanceTransaction['type'];
		description?: string | null;
		category?: string;
		testClock?: string | null;
	},
): BalanceTransaction {
	const now = nowOf(sandbox, entry.testClock ?? null);
	const booked: BalanceTransaction = {
		id: newId('txn'),
		object: 'balance_transaction',
		amount: entry.amount,
		available_on: now,
		balance_type: 'payments',
		created: now,
		currency: entry.currency,
		description: entry.description ?? null,
		exchange_rate: null,
		fee: entry.fee,
		fee_details:
			entry.fee === 0
				? []
				: [
						{
							...{ amount: entry.fee, application: null, currency: entry.currency },
							description: entry.type === 'adjustment' ? 'Dispute fee' : 'Stripe processing fees',
							type: 'stripe_fee',
						},
					],
		net: entry.amount - entry.fee,
		reporting_category: entry.category ?? entry.type,
		source: entry.source,
		status: 'available',
		type: entry.type,
	};
	sandbox.state.put(booked);
	return booked;
}

/** Money on its way from the balance to the shop's bank. */
export interface Payout {
	id: string;
	object: 'payout';
	amount: number;
	application_fee: null;
	application_fee_amount: null;
	arrival_date: number;
	automatic: boolean;
	balance_transaction: string | null;
	created: number;
	currency: string;
	description: string | null;
	destination: string;
	failure_balance_transaction: null;
	failure_code: null;
	failure_message: null;
	livemode: false;
	metadata: Record<string, string>;
	method: 'standard';
	original_payout: null;
	payout_method: null;
	reconciliation_status: 'completed' | 'not_applicable';
	reversed_by: null;
	source_type: 'card';
	statement_descriptor: null;
	status: 'paid';
	trace_id: null;
	type: 'bank_account';
}

/** What is there to pay out, by currency, in minor units. */
export function availableBalance({ state }: Sandbox): { amount: number; currency: string }[] {
	return state
		.sql(
			`SELECT json ->> '$.currency' AS currency, sum(json ->> '$.net') AS amount
			FROM objects WHERE kind = 'balance_transaction' GROUP BY 1 ORDER BY 1`,
		)
		.all()
		.map((row) => ({ amount: Number(row['amount']), currency: String(row['currency']) }));
}

/**
 * Pays out at once; there is no bank to wait for. Without an amount it is an automatic payout of all that is there,
 * which carries the balance transactions it is made of.
 */
export function createPayout(
	sandbox: Sandbox,
	given: {
		amount?: number;
		currency: string;
		description?: string | undefined;
		metadata?: Record<string, string> | undefined;
	},
): Payout {
	const { state } = sandbox;
	const there = availableBalance(sandbox).find(({ currency }) => currency === given.currency);
	const automatic = given.amount === undefined;
	const amount = given.amount ?? there?.amount ?? 0;
	if (amount <= 0 || amount > (there?.amount ?? 0)) {
		throw refused(
			'You have insufficient funds in your Stripe account. One likely reason you have insufficient funds is that your funds are automatically being paid out.',
			{ code: 'balance_insufficient' },
		);
	}
	const now = nowOf(sandbox);
	const payout: Payout = {
		id: newId('po'),
		object: 'payout',
		amount,
		...{ application_fee: null, application_fee_amount: null },
		arrival_date: now,
		automatic,
		balance_transaction: null,
		created: now,
		currency: given.currency,
		description: given.description ?? (automatic ? 'STRIPE PAYOUT' : null),
		destination: 'ba_sandbox',
		...{ failure_balance_transaction: null, failure_code: null, failure_message: null },
		livemode: false,
		metadata: given.metadata ?? {},
		...{ method: 'standard', original_payout: null, payout_method: null },
		reconciliation_status: automatic ? 'completed' : 'not_applicable',
		...{ reversed_by: null, source_type: 'card', statement_descriptor: null, status: 'paid' },
		...{ trace_id: null, type: 'bank_account' },
	};
	if (automatic) {
		const open = state
			.all('balance_transaction')
			.filter((entry) => entry.currency === given.currency && entry.payout === undefined);
		for (const entry of open) state.put({ ...entry, payout: payout.id });
	}
	const booked = bookBalance(sandbox, {
		...{ amount: -amount, fee: 0, currency: given.currency, source: payout.id, type: 'payout' },
		description: payout.description,
	});
	state.put({ ...booked, payout: payout.id });
	payout.balance_transaction = booked.id;
	save(sandbox, payout, 'payout.created');
	save(sandbox, payout, 'payout.paid');
	return payout;
}
