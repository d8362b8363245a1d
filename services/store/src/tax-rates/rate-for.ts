import type { QuotedTaxRate } from '../orders/quote.ts';
import type { Address } from '../orders/schema.ts';

/**
 * The tax rate of a delivery kind at an address: the most exact one that fits. A region counts more than the country,
 * the country more than '*', and among equals a rate for this delivery kind more than one for both.
 */
export function rateFor(
	delivery: 'physical' | 'digital',
	address: Pick<Address, 'country' | 'region'> | undefined,
	rates: readonly QuotedTaxRate[],
): QuotedTaxRate | undefined {
	const region = address?.region?.toUpperCase();
	const exactness = (rate: QuotedTaxRate) =>
		(rate.country === '*' ? 0 : 4) +
		(rate.region === null ? 0 : 2) +
		(rate.delivery === null ? 0 : 1);
	return rates
		.filter((rate) => rate.country === '*' || rate.country === address?.country)
		.filter((rate) => rate.region === null || rate.region === region)
		.filter((rate) => rate.delivery === null || rate.delivery === delivery)
		.sort((a, b) => exactness(b) - exactness(a))[0];
}
