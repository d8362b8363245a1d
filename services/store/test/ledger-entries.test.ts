import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
	type Entry,
	type Part,
	paymentEntries,
	refundEntries,
	reversed,
	transferEntries,
} from '../src/ledger/entries.ts';

const RUNS = { numRuns: 2000 };
const sum = (entries: readonly Entry[]) => entries.reduce((all, { amount }) => all + amount, 0);
const balances = (entries: readonly Entry[]) => {
	const all = new Map<string, number>();
	for (const { account, amount, productId } of entries) {
		const key = `${account} ${productId ?? ''}`;
		all.set(key, (all.get(key) ?? 0) + amount);
	}
	return all;
};

const part: fc.Arbitrary<Part> = fc.record({
	productId: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null }),
	net: fc.integer({ min: 0, max: 5_000_000 }),
	tax: fc.integer({ min: 0, max: 1_000_000 }),
});
const parts = fc
	.array(part, { minLength: 1, maxLength: 8 })
	.filter((all) => all.some(({ net, tax }) => net + tax > 0));
const totalOf = (all: readonly Part[]) => all.reduce((total, { net, tax }) => total + net + tax, 0);
/** How a total is given back: in steps that add up to it, or to less. */
const order = parts.chain((all) =>
	fc.record({
		parts: fc.constant(all),
		refunds: fc
			.array(fc.integer({ min: 1, max: totalOf(all) }), { maxLength: 12 })
			.map((wishes) => {
				let left = totalOf(all);
				return wishes
					.map((wish) => {
						const amount = Math.min(wish, left);
						left -= amount;
						return amount;
					})
					.filter((amount) => amount > 0);
			}),
	}),
);

describe('bookings of random orders', () => {
	it('sum to zero, each of them', () => {
		fc.assert(
			fc.property(
				order,
				fc.integer({ min: 0, max: 10_000_000 }),
				({ parts: all, refunds }, amount) => {
					expect(sum(paymentEntries(amount, all))).toBe(0);
					let before = 0;
					for (const refund of refunds) {
						const entries = refundEntries(refund, before, all);
						expect(sum(entries)).toBe(0);
						expect(sum(reversed(entries))).toBe(0);
						before += refund;
					}
					expect(sum(transferEntries(amount, 'gateway_clearing', 'bank'))).toBe(0);
				},
			),
			RUNS,
		);
	});

	it('book a payment as just what its lines say', () => {
		fc.assert(
			fc.property(parts, (all) => {
				const booked = balances(paymentEntries(totalOf(all), all));
				for (const id of ['a', 'b', 'c', 'd', null]) {
					const net = all
						.filter(({ productId }) => productId === id)
						.reduce((total, one) => total + one.net, 0);
					expect(booked.get(`revenue ${id ?? ''}`) ?? 0).toBe(0 - net);
				}
				const tax = all.reduce((total, one) => total + one.tax, 0);
				expect(booked.get('tax_payable ') ?? 0).toBe(0 - tax);
			}),
			RUNS,
		);
	});

	it('leave nothing of revenue and tax when all is given back, in however many parts', () => {
		fc.assert(
			fc.property(order, ({ parts: all, refunds }) => {
				const given = refunds.reduce((total, amount) => total + amount, 0);
				const rest = totalOf(all) - given;
				const steps = rest > 0 ? [...refunds, rest] : refunds;
				const entries = [...paymentEntries(totalOf(all), all)];
				let before = 0;
				for (const amount of steps) {
					entries.push(...refundEntries(amount, before, all));
					before += amount;
				}
				const after = balances(entries);
				expect(after.get('gateway_clearing ') ?? 0).toBe(0);
				expect(after.get('tax_payable ') ?? 0).toBe(0);
				for (const id of ['a', 'b', 'c', 'd', '']) {
					expect((after.get(`revenue ${id}`) ?? 0) + (after.get(`refunds ${id}`) ?? 0)).toBe(0);
				}
			}),
			RUNS,
		);
	});

	it('are never a whole unit off the exact share', () => {
		fc.assert(
			fc.property(parts, fc.integer({ min: 0, max: 10_000_000 }), (all, amount) => {
				const booked = balances(paymentEntries(amount, all));
				const exact = (all.reduce((total, one) => total + one.tax, 0) * amount) / totalOf(all);
				const taxes = all.filter(({ tax }) => tax > 0).length;
				expect(Math.abs(-(booked.get('tax_payable ') ?? 0) - exact)).toBeLessThanOrEqual(
					taxes + 1e-6,
				);
			}),
			RUNS,
		);
	});
});
