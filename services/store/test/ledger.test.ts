import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyDisputeChange } from '../src/disputes/disputes.ts';
import { bookPayout } from '../src/ledger/payouts.ts';
import { applyPaymentSucceeded } from '../src/payments/effects.ts';
import { applyRefundChange } from '../src/refunds/effects.ts';
import { requestRefund } from '../src/refunds/refunds.ts';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
beforeAll(async () => {
	store = await startStoreApp();
	await store.call('POST', '/api/v1/products', {
		title: 'Goods',
		status: 'published',
		variants: [
			{ sku: 'A', price: { amount: 1999, currency: 'EUR' }, stock: 1_000_000 },
			{ sku: 'B', price: { amount: 333, currency: 'EUR' }, stock: 1_000_000 },
		],
	});
	await store.call('POST', '/api/v1/tax-rates', { name: 'VAT', country: '*', basisPoints: 1900 });
	await store.call('POST', '/api/v1/coupons', { code: 'ODD', kind: 'percent', basisPoints: 1234 });
});
afterAll(() => store.close());

const step = fc.oneof(
	fc.record({
		kind: fc.constant('refund' as const),
		share: fc.double({ min: 0.01, max: 1.2, noNaN: true }),
	}),
	fc.record({
		kind: fc.constant('gateway refund' as const),
		share: fc.double({ min: 0.01, max: 1, noNaN: true }),
	}),
	fc.record({ kind: fc.constantFrom('settle' as const, 'fail' as const, 'repeat' as const) }),
	fc.record({ kind: fc.constantFrom('dispute' as const, 'won' as const, 'lost' as const) }),
	fc.record({ kind: fc.constantFrom('payout' as const, 'payout failed' as const) }),
);
const history = fc.record({
	lines: fc.constantFrom(['A'], ['B'], ['A', 'B']),
	quantity: fc.integer({ min: 1, max: 5 }),
	coupon: fc.boolean(),
	steps: fc.array(step, { maxLength: 10 }),
});
type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

const inTx: typeof store.db.transaction = (work) => store.db.transaction(work);
const issueForOrder = async () => [];
const source = () => ({
	...{ gateway: 'stripe', at: new Date(), eventId: randomUUID(), fetched: false },
	issueForOrder,
});

/** A paid order whose payment the gateway calls `paymentRef`. */
async function paid({ lines, quantity, coupon }: History) {
	const { body: order } = await store.call('POST', '/api/v1/orders', {
		email: 'buyer@example.com',
		lines: lines.map((sku) => ({ sku, quantity })),
		...(coupon ? { couponCode: 'ODD' } : {}),
	});
	const fact = {
		...{ kind: 'payment_succeeded' as const, orderId: order.id, paymentRef: `pi_${order.id}` },
		...{ amount: order.total, currency: order.currency, fee: 59 },
	};
	for (const _twice of [1, 2]) await inTx((tx) => applyPaymentSucceeded(tx, fact, source()));
	return { ...order, paymentRef: fact.paymentRef };
}

async function live(one: History) {
	const order = await paid(one);
	const names = { orderId: order.id, paymentRef: order.paymentRef };
	const { currency, total } = order;
	const disputeRef = `dp_${order.id}`;
	const refunds = () =>
		store.db
			.query<{ id: string; amount: number; status: string }>(
				'SELECT id, amount, status FROM refunds WHERE order_id = $1 ORDER BY id',
				[order.id],
			)
			.then(({ rows }) => rows);
	const settle = async (status: 'succeeded' | 'failed', all: boolean) => {
		for (const { id, amount, status: before } of await refunds()) {
			if (!all && before !== 'requested') continue;
			const fact = { ...names, refundRef: `re_${id}`, refundId: id, amount, currency, status };
			await inTx((tx) =>
				applyRefundChange(
					tx,
					{ kind: 'refund_changed', ...fact, reason: undefined, failure: undefined },
					source(),
				),
			);
		}
	};
	for (const turn of one.steps) {
		const amount = 'share' in turn ? Math.max(1, Math.round(turn.share * total)) : 0;
		switch (turn.kind) {
			case 'refund':
				await inTx((tx) =>
					requestRefund(tx, { orderId: order.id, amount }, { correlationId: 'test' }),
				).catch(refused);
				break;
			case 'gateway refund':
				await inTx((tx) =>
					applyRefundChange(
						tx,
						{
							...{ kind: 'refund_changed', ...names, refundRef: randomUUID(), refundId: undefined },
							...{ amount, currency, status: 'succeeded', reason: undefined, failure: undefined },
						},
						source(),
					),
				).catch(refused);
				break;
			case 'settle':
			case 'fail':
				await settle(turn.kind === 'settle' ? 'succeeded' : 'failed', false);
				break;
			case 'repeat':
				await settle('succeeded', true);
				break;
			case 'dispute':
			case 'won':
			case 'lost': {
				const status = turn.kind === 'dispute' ? ('open' as const) : turn.kind;
				const fact = { ...names, orderId: undefined, disputeRef, amount: total, currency, status };
				await inTx((tx) =>
					applyDisputeChange(
						tx,
						{ kind: 'dispute_changed', ...fact, reason: undefined, evidenceDueAt: undefined },
						source(),
					),
				);
				break;
			}
			default: {
				const status = turn.kind === 'payout' ? 'paid' : 'failed';
				const fact = { payoutRef: `po_${order.id}`, status, amount: total, currency } as const;
				await inTx((tx) => bookPayout(tx, { kind: 'payout_changed', ...fact }, source()));
			}
		}
	}
	return order;
}

// More than was captured: a 409 for who asks us, a CHECK for who asks the gateway.
function refused(error: unknown): void {
	const text = String(error instanceof Error ? error.message : error);
	if (!/given back|can't be refunded|payments_check/.test(text)) throw error;
}

describe('the ledger after random histories of orders', () => {
	it('balances, never gives back more than was taken, and agrees with payments and orders', async () => {
		await fc.assert(
			fc.asyncProperty(history, async (one) => {
				const order = await live(one);
				const { rows } = await store.db.query<Record<string, number>>(
					`SELECT p.captured, p.refunded, p.refund_pending AS pending, p.disputed, o.refunded AS "orderRefunded",
						(SELECT coalesce(sum(amount), 0) FROM refunds r WHERE r.payment_id = p.id AND status = 'succeeded')
							AS "refundsSum",
						(SELECT coalesce(sum(e.amount), 0) FROM ledger_entries e JOIN ledger_transactions t
							ON t.id = e.transaction_id WHERE t.order_id = o.id AND e.account = 'gateway_clearing') AS clearing,
						(SELECT coalesce(sum(e.amount), 0) FROM ledger_entries e JOIN ledger_transactions t
							ON t.id = e.transaction_id WHERE t.order_id = o.id AND e.account = 'disputes') AS disputes,
						(SELECT count(*) FROM payments x WHERE x.order_id = o.id) AS payments
					FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.id = $1`,
					[order.id],
				);
				const [found = {}] = rows.map((row) =>
					Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
				);
				const { captured = 0, refunded = 0, pending = 0, disputed = 0 } = found;
				expect(found.payments).toBe(1);
				expect(captured).toBe(order.total);
				expect(refunded + pending).toBeLessThanOrEqual(captured);
				expect(found.refundsSum).toBe(refunded);
				expect(found.orderRefunded).toBe(refunded);
				expect(found.disputes).toBe(disputed);
				expect(found.clearing).toBe(captured - 59 - refunded - disputed);
			}),
			{ numRuns: 40 },
		);
		const { body } = await store.call('GET', '/api/v1/ledger/balances');
		expect(body.balanced).toBe(true);
		expect(body.data.length).toBeGreaterThan(5);
	}, 600_000);
});

describe('the ledger itself', () => {
	const insert = (amounts: number[]) =>
		inTx(async (tx) => {
			const { rows } = await tx.query<{ id: string }>(
				`INSERT INTO ledger_transactions (business_key, kind, occurred_at, correlation_id)
				VALUES ($1, 'payout', now(), 'test') RETURNING id`,
				[randomUUID()],
			);
			for (const amount of amounts) {
				await tx.query(
					`INSERT INTO ledger_entries (transaction_id, account, amount, currency) VALUES ($1, 'bank', $2, 'EUR')`,
					[rows[0]?.id, amount],
				);
			}
		});

	it('refuses what does not balance, at the end of the transaction', async () => {
		await insert([100, -60, -40]);
		await expect(insert([100, -60])).rejects.toThrow('does not balance');
	});

	it('can not be changed', async () => {
		await expect(store.db.query('UPDATE ledger_entries SET amount = 0')).rejects.toThrow(
			'append-only',
		);
		await expect(store.db.query('DELETE FROM ledger_transactions')).rejects.toThrow('append-only');
	});

	it('lists its entries, page by page', async () => {
		const first = await store.call('GET', '/api/v1/ledger/entries?limit=2&account=bank');
		expect(first.body.data.length).toBe(2);
		const next = await store.call(
			'GET',
			`/api/v1/ledger/entries?limit=2&account=bank&cursor=${first.body.nextCursor}`,
		);
		expect(Number(next.body.data[0].id)).toBeLessThan(Number(first.body.data[1].id));
	});
});
