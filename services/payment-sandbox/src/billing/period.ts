/** How often a price is paid: every `interval_count` intervals. */
export interface Recurring {
	interval: 'day' | 'week' | 'month' | 'year';
	interval_count: number;
	meter: null;
	trial_period_days: null;
	usage_type: 'licensed';
}

const DAY = 86_400;

/** When a period that begins at `start` ends; months end on the anchor's day or, where there is none, their last. */
export function periodEnd(
	start: number,
	{ interval, interval_count: n }: Recurring,
	anchor = start,
): number {
	if (interval === 'day') return start + n * DAY;
	if (interval === 'week') return start + n * 7 * DAY;
	const months = interval === 'month' ? n : 12 * n;
	const from = new Date(start * 1000);
	const day = new Date(anchor * 1000).getUTCDate();
	const target = new Date(from);
	target.setUTCDate(1);
	target.setUTCMonth(from.getUTCMonth() + months);
	const last = new Date(
		Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0),
	).getUTCDate();
	target.setUTCDate(Math.min(day, last));
	return Math.floor(target.getTime() / 1000);
}
