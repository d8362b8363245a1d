import { describe, expect, it } from '@jest/globals';
import { fromMinor, toMoney } from '../../src/prices/money.ts';
import { parsePrice } from '../../src/prices/parse.ts';
import { priceTable } from './price-table.ts';

describe('prices as shops write them', () => {
	it('has a table worth its name', () => {
		expect(priceTable.length).toBeGreaterThanOrEqual(250);
	});

	it.each(priceTable)('%j is %s (page in %s)', (text, expected, countryCurrency = undefined) => {
		const price = parsePrice(text, { countryCurrency: countryCurrency ?? null });
		const shown =
			price === null
				? null
				: `${price.currency ?? '???'} ${price.decimal}${expected?.endsWith('?') ? ' ?' : ''}`;
		expect(shown).toBe(expected);
	});
});

describe('what else a price text tells', () => {
	it('keeps both ends of a range', () => {
		expect(parsePrice('49,99 – 59,99 €')).toMatchObject({
			form: 'range',
			amount: 4999,
			high: { decimal: '59.99', amount: 5999, currency: 'EUR' },
		});
	});

	it.each(['from $49.99', 'ab 49,99 €', 'à partir de 49,99 €', 'от 1 299 ₽'])(
		'takes %j for a lowest price',
		(text) => {
			expect(parsePrice(text)?.form).toBe('from');
		},
	);

	it.each(['was $59.99 now $49.99', '$49.99 was $59.99', 'RRP $59.99 $49.99', '$59.99 $49.99'])(
		'keeps the former price of %j',
		(text) => {
			expect(parsePrice(text)).toMatchObject({ amount: 4999, original: { amount: 5999 } });
		},
	);

	it('keeps the text it was read from', () => {
		expect(parsePrice('  49,99\u00a0€ ')?.raw).toBe('  49,99\u00a0€ ');
	});

	it('believes a shared sign less than a code, and two bare amounts less than one', () => {
		const confidence = (text: string) => parsePrice(text)?.confidence ?? 0;
		expect(confidence('49.99 USD')).toBe(1);
		expect(confidence('$49.99')).toBeLessThan(1);
		expect(confidence('$59.99 $49.99')).toBeLessThan(confidence('$49.99'));
		expect(confidence('$1.299')).toBeLessThan(confidence('$1,299.00'));
	});

	it('lets the currency of the page settle a shared sign', () => {
		expect(parsePrice('$49.99', { currency: 'NZD' })).toMatchObject({
			currency: 'NZD',
			confidence: 1,
		});
	});
});

describe('money', () => {
	it.each([
		['49.99', 'EUR', '49.99', 4999],
		['49.9', 'EUR', '49.90', 4990],
		['49', 'EUR', '49.00', 4900],
		['1299', 'JPY', '1299', 1299],
		['1.25', 'KWD', '1.250', 1250],
		['0.05', 'EUR', '0.05', 5],
		['49.999', 'EUR', '50.00', 5000],
		['007', null, '7.00', 700],
	])('%s %s is %s or %d minor units', (plain, currency, decimal, amount) => {
		expect(toMoney(plain, currency)).toEqual({ decimal, amount, currency });
		expect(fromMinor(amount, currency)).toEqual({ decimal, amount, currency });
	});

	it.each(['', 'x', '-1', '1e5', '99999999999999999999'])('does not take %j', (plain) => {
		expect(toMoney(plain, 'EUR')).toBeNull();
	});
});
