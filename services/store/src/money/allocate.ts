/**
 * Shares an amount out in proportion to weights, by largest remainder: the parts are integers, add up to exactly the
 * amount, and none is a whole unit off its exact share (so a part never exceeds its weight if the amount does not exceed
 * their sum).
 * @param total  minor units, >= 0
 * @param weights  integers >= 0; when all are 0 the amount goes to the first
 */
export function allocate(total: number, weights: readonly number[]): number[] {
	const sum = weights.reduce((all, weight) => all + BigInt(weight), 0n);
	if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : 0));
	const shares = weights.map((weight, index) => {
		const exact = BigInt(total) * BigInt(weight);
		return { index, whole: Number(exact / sum), remainder: exact % sum };
	});
	const left = total - shares.reduce((all, { whole }) => all + whole, 0);
	const favoured = new Set(
		[...shares]
			.sort((a, b) => compare(b.remainder, a.remainder) || a.index - b.index)
			.slice(0, left)
			.map(({ index }) => index),
	);
	return shares.map(({ index, whole }) => whole + (favoured.has(index) ? 1 : 0));
}

function compare(a: bigint, b: bigint): number {
	return Number(a > b) - Number(a < b);
}

/** `amount * basisPoints / 10000`, rounded half up to a whole step, without floats on the way. */
export function portion(amount: number, basisPoints: number, step = 1): number {
	return ratio(amount, basisPoints, 10_000, step);
}

/** The tax that a gross amount contains: `gross * rate / (1 + rate)`, rounded half up to a whole step. */
export function contained(gross: number, basisPoints: number, step = 1): number {
	return ratio(gross, basisPoints, 10_000 + basisPoints, step);
}

function ratio(amount: number, numerator: number, denominator: number, step: number): number {
	const divisor = BigInt(denominator) * BigInt(step);
	const steps = (2n * BigInt(amount) * BigInt(numerator) + divisor) / (2n * divisor);
	return Number(steps) * step;
}
