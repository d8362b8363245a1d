// ISO 4217. What is not named here has two decimals.
const WITHOUT_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';

const EXPONENTS = new Map([
	...WITHOUT_DECIMALS.split(' ').map((code) => [code, 0] as const),
	...THREE_DECIMALS.split(' ').map((code) => [code, 3] as const),
]);

/** Decimals of a currency: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217). */
export function exponentOf(currency: string): number {
	return EXPONENTS.get(currency) ?? 2;
}

/**
 * Smallest amount, in minor units, that we round to. Cards and gateways can't charge a single fils: Stripe wants the
 * last digit of a three-decimal amount to be 0.
 */
export function stepOf(currency: string): number {
	return exponentOf(currency) === 3 ? 10 : 1;
}
