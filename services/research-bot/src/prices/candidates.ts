import { roleOf } from './context.ts';
import type { Role } from './context.ts';
import { findCurrencies, minorDigits } from './currencies.ts';
import type { CurrencyMatch } from './currencies.ts';
import { toMoney } from './money.ts';
import type { Money } from './money.ts';
import { findNumbers } from './numbers.ts';
import type { NumberToken } from './numbers.ts';

export interface PriceHints {
	/** The currency the page names elsewhere (ISO code). */
	currency?: string | null;
	/** The currency of the page's country: settles shared signs, and stands in where none is given. */
	countryCurrency?: string | null;
}

/** A number of the text that may be its price. */
export interface Candidate {
	money: Money;
	role: Role;
	confidence: number;
	/** A range mark ("-", "bis") stands between this number and the next. */
	opensRange: boolean;
}

/** Longer texts are prose: a number in it needs a currency sign of its own to be a price. */
const proseLength = 60;
const rangeMark = /^(?:-|~|to|bis|à|au|a|hasta|até|tot|til|till|do|до)$/iu;
const minorUnit = /^ ?(?:¢|(?:ct|cents?|p|c)(?!\p{L}))/iu;
/** What may stand between a sign and its number: `Rs. 5`, `499/-`, `49,- €`. */
const gap = /^(?:[ :.]|,?-|\/-){0,4}$/;

/** All numbers of a normalised text that look like money, with their role in it. */
export function priceCandidates(text: string, hints: PriceHints): Candidate[] {
	const signs = findCurrencies(text);
	const masked = mask(text, signs);
	const numbers = findNumbers(text, minorDigits(resolveCurrency(signs[0], '', hints).code));
	const found: (Candidate & { own: boolean })[] = [];
	let previousOpensRange = false;
	numbers.forEach((number, index) => {
		const before = masked.slice(numbers[index - 1]?.end ?? 0, number.start);
		const after = masked.slice(number.end);
		const between = masked.slice(number.end, numbers[index + 1]?.start ?? number.end);
		if (isNoAmount(before, after)) return;
		const sign = signOf(signs, masked, number, numbers[index + 1]);
		if (sign?.isWordLike && !trusted(sign, number, masked, hints)) return;
		const isMinor = sign === undefined && minorUnit.test(after);
		const currency = resolveCurrency(sign ?? signs[0], number.plain, hints);
		const plain = isMinor ? toHundredths(number.plain) : number.plain;
		const money = plain === null ? null : toMoney(plain, currency.code);
		if (money === null) return;
		const opensRange = rangeMark.test(between.trim());
		found.push({
			money,
			role: roleOf(before, after),
			confidence: currency.confidence * (number.certain ? 1 : 0.85),
			opensRange,
			own: sign !== undefined || isMinor || opensRange || previousOpensRange,
		});
		previousOpensRange = opensRange;
	});
	const withSign = found.filter(({ own }) => own);
	// Where one number carries a sign, those without are counts and sizes.
	if (signs.length > 0 && withSign.length > 0) return withSign;
	return withSign.length > 0 || text.length <= proseLength ? found : [];
}

/** Percentages, multipliers ("12x"), and digits inside a word ("X200"). */
function isNoAmount(before: string, after: string): boolean {
	return /^ ?%|^ ?x(?!\p{L})/iu.test(after) || /[\p{L}_-]$/u.test(before);
}

function trusted(sign: CurrencyMatch, number: NumberToken, masked: string, hints: PriceHints) {
	const alone = !/[\p{L}\d]/u.test(masked.slice(0, number.start) + masked.slice(number.end));
	return number.formatted || alone || hints.currency === sign.code;
}

function signOf(
	signs: CurrencyMatch[],
	masked: string,
	number: NumberToken,
	next: NumberToken | undefined,
): CurrencyMatch | undefined {
	const before = signs.filter(
		({ end }) => end <= number.start && gap.test(masked.slice(end, number.start)),
	);
	const after = signs.filter(({ start, end }) => {
		if (start < number.end || !gap.test(masked.slice(number.end, start))) return false;
		if (next === undefined || !gap.test(masked.slice(end, next.start))) return true;
		// "6 $49.99" and "$59 $49": a sign between two numbers belongs to the nearer one, and to the
		// second when the first has its own.
		const toNumber = start - number.end;
		const toNext = next.start - end;
		return toNumber < toNext || (toNumber === toNext && before.length === 0);
	});
	const near = [...after, ...before];
	return near.find(({ isCode }) => isCode) ?? after[0] ?? before.at(-1);
}

function resolveCurrency(
	sign: CurrencyMatch | undefined,
	plain: string,
	hints: PriceHints,
): { code: string | null; confidence: number } {
	const stated = hints.currency ?? null;
	const local = hints.countryCurrency ?? null;
	if (sign === undefined) {
		if (stated !== null) return { code: stated, confidence: 0.9 };
		return local === null ? { code: null, confidence: 0.6 } : { code: local, confidence: 0.7 };
	}
	if (sign.others.length === 0) return { code: sign.code, confidence: 1 };
	const possible = [sign.code, ...sign.others];
	if (stated !== null && possible.includes(stated)) return { code: stated, confidence: 1 };
	if (local !== null && possible.includes(local)) return { code: local, confidence: 0.95 };
	// A yen price has no decimals, so this sign is the yuan's.
	if (sign.code === 'JPY' && /\.\d/.test(plain)) return { code: 'CNY', confidence: 0.8 };
	return { code: sign.code, confidence: 0.8 };
}

/** The text with its currency signs blanked: "50 € Versand" reads as number and word. */
function mask(text: string, signs: CurrencyMatch[]): string {
	let masked = text;
	for (const { start, end } of signs) {
		masked = masked.slice(0, start) + ' '.repeat(end - start) + masked.slice(end);
	}
	return masked;
}

function toHundredths(plain: string): string | null {
	if (!/^\d+$/.test(plain)) return null;
	const digits = plain.padStart(3, '0');
	return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
