import { allocate, contained, portion } from '../money/allocate.ts';
import { stepOf } from '../money/currencies.ts';

export interface PriceableLine {
	productId: string;
	delivery: 'physical' | 'digital';
	quantity: number;
	/** Minor units, as all amounts here. */
	unitAmount: number;
}

export interface Discount {
	/** Of the subtotal it applies to: 1500 is 15 %. */
	basisPoints: number | null;
	/** Or so much of it, at most all. */
	amount: number | null;
	/** null applies to every product. */
	productIds: readonly string[] | null;
}

export interface TaxRate {
	name: string;
	basisPoints: number;
	/** Prices contain it already. */
	inclusive: boolean;
}

export interface LinePrice {
	discountAmount: number;
	taxAmount: number;
	taxIncluded: boolean;
	taxBasisPoints: number;
	taxName: string | null;
	totalAmount: number;
}

export interface OrderPrice {
	lines: LinePrice[];
	subtotal: number;
	discount: number;
	shipping: number;
	tax: number;
	taxIncluded: number;
	shippingTax: number;
	total: number;
}

interface Taxed {
	rate: TaxRate | undefined;
	/** What the tax is reckoned from: the amount after the discount. */
	base: number;
	tax: number;
}

/**
 * Prices an order. Discount and tax are reckoned once, on the sum they apply to, and then shared out by largest
 * remainder, so that lines always add up to the order and no cent is made or lost by rounding line by line.
 * `total = subtotal - discount + shipping + tax - taxIncluded`.
 * @param input.discount  a coupon's, or what it has been for each line
 * @param input.rates  by delivery kind; shipping is taxed as physical goods are
 */
export function priceOrder(input: {
	currency: string;
	lines: readonly PriceableLine[];
	discount: Discount | readonly number[] | undefined;
	shipping: number;
	rates: { physical: TaxRate | undefined; digital: TaxRate | undefined };
}): OrderPrice {
	const { lines, rates, shipping } = input;
	const step = stepOf(input.currency);
	const amounts = lines.map(({ unitAmount, quantity }) => unitAmount * quantity);
	const discounts = discountOf(lines, amounts, { discount: input.discount, step });
	const bases: Taxed[] = lines.map((line, index) => ({
		rate: rates[line.delivery],
		base: (amounts[index] ?? 0) - (discounts[index] ?? 0),
		tax: 0,
	}));
	const forShipping: Taxed = { rate: rates.physical, base: shipping, tax: 0 };
	addTaxes([...bases, forShipping], step);

	const priced = bases.map(({ rate, base, tax }, index) => ({
		discountAmount: discounts[index] ?? 0,
		taxAmount: tax,
		taxIncluded: rate?.inclusive ?? false,
		taxBasisPoints: rate?.basisPoints ?? 0,
		taxName: rate?.name ?? null,
		totalAmount: base + (rate?.inclusive === true ? 0 : tax),
	}));
	const subtotal = sum(amounts);
	const discount = sum(discounts);
	const all = [...bases, forShipping];
	const tax = sum(all.map((part) => part.tax));
	const taxIncluded = sum(all.map((part) => (part.rate?.inclusive === true ? part.tax : 0)));
	const total = subtotal - discount + shipping + tax - taxIncluded;
	const shippingTax = forShipping.tax;
	return { lines: priced, subtotal, discount, shipping, tax, taxIncluded, shippingTax, total };
}

/** What a discount applies to, in minor units. */
export function discountable(
	lines: readonly PriceableLine[],
	productIds: readonly string[] | null,
): number {
	return sum(
		lines
			.filter(({ productId }) => productIds?.includes(productId) ?? true)
			.map(({ unitAmount, quantity }) => unitAmount * quantity),
	);
}

function discountOf(
	lines: readonly PriceableLine[],
	amounts: readonly number[],
	{ discount, step }: { discount: Discount | readonly number[] | undefined; step: number },
): number[] {
	if (discount === undefined) return amounts.map(() => 0);
	if ('length' in discount) return [...discount];
	const weights = lines.map(({ productId }, index) =>
		(discount.productIds?.includes(productId) ?? true) ? (amounts[index] ?? 0) : 0,
	);
	const eligible = sum(weights);
	if (eligible === 0) return amounts.map(() => 0);
	const wanted = discount.amount ?? portion(eligible, discount.basisPoints ?? 0, step);
	return allocate(Math.min(wanted, eligible), weights);
}

function addTaxes(parts: readonly Taxed[], step: number): void {
	for (const rate of new Set(parts.map((part) => part.rate))) {
		if (rate === undefined) continue;
		const group = parts.filter((part) => part.rate === rate);
		const base = sum(group.map((part) => part.base));
		const tax = (rate.inclusive ? contained : portion)(base, rate.basisPoints, step);
		const shares = allocate(
			tax,
			group.map((part) => part.base),
		);
		for (const [index, part] of group.entries()) part.tax = shares[index] ?? 0;
	}
}

function sum(values: readonly number[]): number {
	return values.reduce((all, value) => all + value, 0);
}
