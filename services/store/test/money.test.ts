import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, contained, portion } from '../src/money/allocate.ts';
import { exponentOf, stepOf } from '../src/money/currencies.ts';
import { formatMoney, toDecimal } from '../src/money/money.ts';

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });

describe('a currency', () => {
	it.each([
		['JPY', 0, 1, '1234', '¥1,234'],
		['EUR', 2, 1, '12.34', '€12.34'],
		['KWD', 3, 10, '1.234', 'KWD 1.234'],
	])('%s has its decimals', (currency, exponent, step, decimal, text) => {
		expect([exponentOf(currency), stepOf(currency)]).toEqual([exponent, step]);
		expect(toDecimal({ amount: 1234, currency })).toBe(decimal);
		expect(formatMoney({ amount: 1234, currency }).replaceAll(/\s/g, ' ')).toBe(text);
	});

	it('keeps the zeros of small amounts', () => {
		expect(toDecimal({ amount: 5, currency: 'EUR' })).toBe('0.05');
		expect(toDecimal({ amount: -7, currency: 'BHD' })).toBe('-0.007');
	});
});

describe('sharing out by largest remainder', () => {
	it('gives the odd cents to those who are closest to the next', () => {
		expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
		expect(allocate(10, [15, 70, 15])).toEqual([2, 7, 1]);
		expect(allocate(7, [0, 0])).toEqual([7, 0]);
		expect(allocate(7, [])).toEqual([]);
	});

	it('adds up, and no part is a whole unit off or over its weight', () => {
		const weights = fc.array(amount, { minLength: 1, maxLength: 30 });
		fc.assert(
			fc.property(amount, weights, (total, parts) => {
				const all = sum(parts);
				const shares = allocate(Math.min(total, all), parts);
				expect(sum(shares)).toBe(Math.min(total, all));
				for (const [index, share] of shares.entries()) {
					const weight = parts[index] ?? 0;
					expect(share).toBeLessThanOrEqual(weight);
					const exact = all === 0 ? 0 : (Math.min(total, all) * weight) / all;
					expect(Math.abs(share - exact)).toBeLessThan(1.001);
				}
			}),
			{ numRuns: 2000 },
		);
	});
});

describe('a portion', () => {
	it('is rounded half up, to the step of the currency', () => {
		expect([portion(1050, 1000), portion(1049, 1000), portion(1234, 1900, 10)]).toEqual([
			105, 105, 230,
		]);
		expect(contained(11_900, 1900)).toBe(1900);
		expect(contained(0, 1900)).toBe(0);
	});

	it('contained in a gross amount is the portion of the net one, but for rounding', () => {
		fc.assert(
			fc.property(amount, fc.integer({ min: 0, max: 10_000 }), (gross, rate) => {
				const tax = contained(gross, rate);
				expect(Math.abs(portion(gross - tax, rate) - tax)).toBeLessThanOrEqual(1);
			}),
			{ numRuns: 2000 },
		);
	});
});
