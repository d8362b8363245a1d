import type { PriceSummary, ScrapeResult } from './schema.ts';

/** Lowest, median and highest price among the results, in the currency that most of them have. */
export function summarize(results: Pick<ScrapeResult, 'product'>[]): PriceSummary {
	const byCurrency = new Map<string, number[]>();
	for (const { product } of results) {
		const price = product?.price;
		if (price?.currency == null) continue;
		byCurrency.set(price.currency, [...(byCurrency.get(price.currency) ?? []), price.amount]);
	}
	const [most] = [...byCurrency].sort(([, a], [, b]) => b.length - a.length);
	if (most === undefined)
		return { currency: null, lowest: null, median: null, highest: null, count: 0 };
	const [currency, amounts] = most;
	const sorted = amounts.sort((a, b) => a - b);
	const at = (position: number) => sorted[position] ?? 0;
	const middle = (sorted.length - 1) / 2;
	return {
		currency,
		lowest: at(0),
		median: Math.round((at(Math.floor(middle)) + at(Math.ceil(middle))) / 2),
		highest: at(sorted.length - 1),
		count: sorted.length,
	};
}
