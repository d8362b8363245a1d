import { minorDigits } from './currencies.ts';

/** An amount as it was offered. `currency` is null when neither the text nor the page names one. */
export interface Money {
	/** With exactly the decimals of the currency: `49.99`, JPY `1299`, KWD `1.250`. */
	decimal: string;
	/** Integer minor units of the currency (ISO 4217), of hundredths when it is unknown. */
	amount: number;
	currency: string | null;
}

/**
 * Money from a plain decimal (`1299.5`). Digits beyond the currency's decimals are rounded half up.
 * Null when the amount does not fit into a safe integer.
 */
export function toMoney(plain: string, currency: string | null): Money | null {
	const match = /^(\d+)(?:\.(\d*))?$/.exec(plain);
	if (match === null) return null;
	const digits = minorDigits(currency);
	const whole = (match[1] ?? '').replace(/^0+(?=\d)/, '');
	const fraction = (match[2] ?? '').padEnd(digits + 1, '0');
	let minor = BigInt(whole + fraction.slice(0, digits));
	if (Number(fraction[digits]) >= 5) minor += 1n;
	if (minor > BigInt(Number.MAX_SAFE_INTEGER)) return null;
	return fromMinor(Number(minor), currency);
}

export function fromMinor(amount: number, currency: string | null): Money {
	const digits = minorDigits(currency);
	const text = String(amount).padStart(digits + 1, '0');
	const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
	return { decimal, amount, currency };
}
