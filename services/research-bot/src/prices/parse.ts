import { priceCandidates } from './candidates.ts';
import type { Candidate, PriceHints } from './candidates.ts';
import type { Money } from './money.ts';
import { normalizePriceText } from './normalize.ts';

export interface ParsedPrice extends Money {
	raw: string;
	/** 0..1: lowered by a missing or shared currency sign, 1.299-style numbers, several amounts. */
	confidence: number;
	/** `from` and `range`: `amount` is the lowest. */
	form: 'exact' | 'from' | 'range';
	/** The upper end of a range. */
	high?: Money;
	/** The former price of "was 59.99, now 49.99". */
	original?: Money;
}

type Choice = Omit<ParsedPrice, 'raw'>;

/**
 * The price in a text of a web page, in the notation of any country: `1.299,00 €`, `₹1,29,999`,
 * `CHF 1'299.–`, `was $59.99 now $49.99`, `12 € 99`. Null when the text holds none.
 */
export function parsePrice(raw: string, hints: PriceHints = {}): ParsedPrice | null {
	const found = priceCandidates(normalizePriceText(raw), hints);
	const choice = choose(found);
	return choice === null ? null : { ...choice, raw };
}

function choose(found: Candidate[]): Choice | null {
	const proper = found.filter(({ role }) => role !== 'aside');
	const offered = proper.filter(({ role }) => role !== 'original');
	const former = proper.find(({ role }) => role === 'original');
	const [first, second] = offered;
	if (first === undefined) {
		const only = former ?? found[0];
		return only === undefined ? null : exact(only, 0.4);
	}
	const original = former === undefined ? {} : { original: former.money };
	if (first.opensRange && second !== undefined) {
		return { ...range(first, second), ...original };
	}
	const marked = offered.find(({ role }) => role === 'current');
	if (marked !== undefined || second === undefined) {
		return { ...exact(marked ?? first), ...original };
	}
	return { ...cheapestOf(offered, first), ...original };
}

function exact(candidate: Candidate, factor = 1): Choice {
	const isFrom = candidate.role === 'from';
	return {
		...candidate.money,
		confidence: candidate.confidence * factor * (isFrom ? 0.8 : 1),
		form: isFrom ? 'from' : 'exact',
	};
}

function range(first: Candidate, second: Candidate): Choice {
	const ascending = first.money.amount <= second.money.amount;
	const [low, high] = ascending ? [first.money, second.money] : [second.money, first.money];
	return { ...low, high, confidence: first.confidence * 0.8, form: 'range' };
}

/** Two bare amounts are nearly always a struck-out one and the new one; more are a list. */
function cheapestOf(offered: Candidate[], first: Candidate): Choice {
	const cheapest = offered.reduce((a, b) => (b.money.amount < a.money.amount ? b : a), first);
	const dearest = offered.reduce((a, b) => (b.money.amount > a.money.amount ? b : a), first);
	if (cheapest.money.amount === dearest.money.amount) return exact(cheapest);
	return {
		...exact(cheapest, offered.length === 2 ? 0.6 : 0.3),
		original: dearest.money,
	};
}
