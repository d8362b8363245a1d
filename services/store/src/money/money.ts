import { z } from 'zod';
import { exponentOf } from './currencies.ts';

export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR');

/** An amount in minor units of some currency; never a fraction. */
export const minorUnits = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

export const money = z.object({
	amount: minorUnits.describe('In minor units: 4999 is 49.99 EUR'),
	currency: currencyCode,
});
export type Money = z.output<typeof money>;

/** `4999 EUR` as decimal text, `49.99`; for files and machines. */
export function toDecimal({ amount, currency }: Money): string {
	const exponent = exponentOf(currency);
	const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
	const sign = amount < 0 ? '-' : '';
	if (exponent === 0) return `${sign}${digits}`;
	return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

const formats = new Map<string, Intl.NumberFormat>();

/** For people: `€49.99` or `49,99 €`, as the locale writes it, with exactly the currency's decimals. */
export function formatMoney({ amount, currency }: Money, locale = 'en'): string {
	const name = `${locale} ${currency}`;
	const digits = exponentOf(currency);
	const format =
		formats.get(name) ??
		new Intl.NumberFormat(locale, {
			style: 'currency',
			currency,
			minimumFractionDigits: digits,
			maximumFractionDigits: digits,
		});
	formats.set(name, format);
	return format.format(amount / 10 ** digits);
}
