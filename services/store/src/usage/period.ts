import type { Terms } from '../license-policies/schema.ts';

type Period = Terms['counters'][string]['period'];

/** The span of time that counts, in UTC; `none` counts from the beginning of time and never starts again. */
export function periodOf(period: Period, now: Date): { start: Date; end: Date | null } {
	const year = now.getUTCFullYear();
	const month = now.getUTCMonth();
	const day = now.getUTCDate();
	switch (period) {
		case 'none':
			return { start: new Date(0), end: null };
		case 'day':
			return { start: utc(year, month, day), end: utc(year, month, day + 1) };
		case 'month':
			return { start: utc(year, month, 1), end: utc(year, month + 1, 1) };
		case 'year':
			return { start: utc(year, 0, 1), end: utc(year + 1, 0, 1) };
	}
}

function utc(year: number, month: number, day: number): Date {
	return new Date(Date.UTC(year, month, day));
}

/** What a counter shows at that time. */
export function usageOf(
	name: string,
	{ limit, period }: Terms['counters'][string],
	used: number,
	now: Date,
) {
	return {
		counter: name,
		used,
		limit,
		remaining: limit === null ? null : Math.max(0, limit - used),
		period,
		resetsAt: periodOf(period, now).end?.toISOString() ?? null,
	};
}
