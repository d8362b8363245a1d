import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { priceOrder } from '../src/orders/pricing.ts';

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
const vat = { name: 'VAT', basisPoints: 1900, inclusive: false };
const line = (unitAmount: number, quantity = 1, productId = 'p') => ({
	productId,
	delivery: 'physical' as const,
	quantity,
	unitAmount,
});
const price = (input: Partial<Parameters<typeof priceOrder>[0]>) =>
	priceOrder({
		currency: 'EUR',
		lines: [],
		discount: undefined,
		shipping: 0,
		rates: { physical: undefined, digital: undefined },
		...input,
	});

describe('the price of an order', () => {
	it('adds an exclusive tax, also on shipping', () => {
		const rates = { physical: vat, digital: undefined };
		const order = price({ lines: [line(1000, 2)], shipping: 500, rates });
		expect(order).toMatchObject({ subtotal: 2000, tax: 475, shippingTax: 95, total: 2975 });
		expect(order.lines[0]).toMatchObject({ taxAmount: 380, totalAmount: 2380 });
	});

	it('finds an inclusive tax within the price', () => {
		const rates = { physical: { ...vat, inclusive: true }, digital: undefined };
		const order = price({ lines: [line(11_900)], rates });
		expect(order).toMatchObject({ tax: 1900, taxIncluded: 1900, total: 11_900 });
	});

	it('takes a percentage once off the sum, not line by line', () => {
		// 10 % of three times 0.05 is 0.015, so 0.02; line by line it would be 3 cents or none.
		const discount = { basisPoints: 1000, amount: null, productIds: null };
		const order = price({ lines: [line(5), line(5), line(5)], discount });
		expect(order.discount).toBe(2);
		expect(order.lines.map(({ discountAmount }) => discountAmount)).toEqual([1, 1, 0]);
	});

	it('takes a fixed coupon off its products only, and never more than they cost', () => {
		const discount = { basisPoints: null, amount: 5000, productIds: ['a'] };
		const order = price({ lines: [line(1000, 2, 'a'), line(9000, 1, 'b')], discount });
		expect(order.lines.map(({ discountAmount }) => discountAmount)).toEqual([2000, 0]);
		expect(order.total).toBe(9000);
	});

	it('reckons tax of a three-decimal currency in steps that can be charged', () => {
		const order = price({
			currency: 'KWD',
			lines: [line(1230)],
			rates: { physical: vat, digital: vat },
		});
		expect(order.tax).toBe(230);
	});

	it('adds up for every order', () => {
		const rate = fc.option(
			fc.record({
				name: fc.constant('tax'),
				basisPoints: fc.integer({ min: 0, max: 10_000 }),
				inclusive: fc.boolean(),
			}),
			{ nil: undefined },
		);
		const lines = fc.array(
			fc.record({
				productId: fc.constantFrom('a', 'b', 'c'),
				delivery: fc.constantFrom('physical' as const, 'digital' as const),
				quantity: fc.integer({ min: 1, max: 1000 }),
				unitAmount: fc.integer({ min: 0, max: 10_000_000 }),
			}),
			{ minLength: 1, maxLength: 20 },
		);
		const productIds = fc.constantFrom(null, ['a'], ['a', 'b'], ['z']);
		const discount = fc.option(
			fc.oneof(
				fc.record({
					basisPoints: fc.integer({ min: 1, max: 10_000 }),
					amount: fc.constant(null),
					productIds,
				}),
				fc.record({
					basisPoints: fc.constant(null),
					amount: fc.integer({ min: 1, max: 100_000_000 }),
					productIds,
				}),
			),
			{ nil: undefined },
		);
		const input = fc.record({
			currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
			lines,
			discount,
			shipping: fc.integer({ min: 0, max: 100_000 }),
			rates: fc.record({ physical: rate, digital: rate }),
		});
		fc.assert(
			fc.property(input, (order) => {
				const priced = priceOrder(order);
				const { subtotal, discount: off, shipping, tax, taxIncluded, shippingTax, total } = priced;
				expect(subtotal).toBe(sum(order.lines.map((l) => l.unitAmount * l.quantity)));
				expect(total).toBe(subtotal - off + shipping + tax - taxIncluded);
				expect(sum(priced.lines.map((l) => l.discountAmount))).toBe(off);
				expect(sum(priced.lines.map((l) => l.taxAmount)) + shippingTax).toBe(tax);
				const shippingGross =
					shipping + (order.rates.physical?.inclusive === true ? 0 : shippingTax);
				expect(sum(priced.lines.map((l) => l.totalAmount)) + shippingGross).toBe(total);
				for (const [index, l] of priced.lines.entries()) {
					const gross = (order.lines[index]?.unitAmount ?? 0) * (order.lines[index]?.quantity ?? 0);
					expect(l.discountAmount).toBeGreaterThanOrEqual(0);
					expect(l.discountAmount).toBeLessThanOrEqual(gross);
					expect(l.taxAmount).toBeGreaterThanOrEqual(0);
				}
				expect([total, tax, off, taxIncluded].every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(
					true,
				);
			}),
			{ numRuns: 5000 },
		);
	});
});
