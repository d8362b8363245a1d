import { allocate } from '../money/allocate.ts';

export const ACCOUNTS = [
	'gateway_clearing',
	'bank',
	'revenue',
	'tax_payable',
	'refunds',
	'fees',
	'disputes',
	'unassigned_payments',
] as const;
export type Account = (typeof ACCOUNTS)[number];

/** One side of a booking, in minor units: debits are positive, credits negative. */
export interface Entry {
	account: Account;
	amount: number;
	/** Of what product a revenue or refund is; null for shipping. */
	productId: string | null;
}

/** What an order's total is made of: one part for each line, one for shipping. */
export interface Part {
	productId: string | null;
	net: number;
	tax: number;
}

/** Money has come in for an order: what the parts say, in proportion if it is not just their sum (a renewal, a trial). */
export function paymentEntries(amount: number, parts: readonly Part[]): Entry[] {
	return compact([
		entry('gateway_clearing', amount),
		...shares(amount, parts).flatMap(({ productId, net, tax }) => [
			entry('revenue', -net, productId),
			entry('tax_payable', -tax),
		]),
	]);
}

/**
 * Money goes back. Each refund takes what brings the refunds so far to their exact share of the parts, so that roundings
 * of many small ones do not add up, and the last one leaves nothing of the revenue and nothing of the tax.
 * @param before  refunded earlier, of the same parts
 */
export function refundEntries(amount: number, before: number, parts: readonly Part[]): Entry[] {
	const now = shares(before + amount, parts);
	const earlier = shares(before, parts);
	return compact([
		...now.flatMap(({ productId, net, tax }, index) => [
			entry('refunds', net - (earlier[index]?.net ?? 0), productId),
			entry('tax_payable', tax - (earlier[index]?.tax ?? 0)),
		]),
		entry('gateway_clearing', -amount),
	]);
}

/** From one account to another. */
export function transferEntries(amount: number, from: Account, to: Account): Entry[] {
	return compact([entry(to, amount), entry(from, -amount)]);
}

/** The same the other way round: how a booking is put right. */
export function reversed(entries: readonly Entry[]): Entry[] {
	return entries.map((one) => ({ ...one, amount: -one.amount }));
}

function shares(amount: number, parts: readonly Part[]): Part[] {
	const amounts = allocate(
		amount,
		parts.flatMap(({ net, tax }) => [net, tax]),
	);
	return parts.map(({ productId }, index) => ({
		productId,
		net: amounts[2 * index] ?? 0,
		tax: amounts[2 * index + 1] ?? 0,
	}));
}

function entry(account: Account, amount: number, productId: string | null = null): Entry {
	return { account, amount, productId };
}

// One entry for each account and product; none of nothing.
function compact(entries: Entry[]): Entry[] {
	const sums = new Map<string, Entry>();
	for (const one of entries) {
		const key = `${one.account} ${one.productId ?? ''}`;
		const sum = sums.get(key);
		if (sum === undefined) sums.set(key, { ...one });
		else sum.amount += one.amount;
	}
	return [...sums.values()].filter(({ amount }) => amount !== 0);
}
