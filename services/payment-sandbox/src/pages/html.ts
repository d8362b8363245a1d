export { html, type Html } from '@autopilot/html';

/** `€89.00`, from minor units. */
export function money(amount: number, currency: string): string {
	const format = new Intl.NumberFormat('en-IE', { style: 'currency', currency });
	return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** `20 November 2026`, from Unix seconds. */
export function day(at: number): string {
	return new Date(at * 1000).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
}
