/** Statuses that another try may change. Never 401, 403, 404, 410: they are answers. */
const retryable = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

export function isRetryable(status: number): boolean {
	return retryable.has(status);
}

/** Statuses that ask for fewer requests. */
export function isThrottled(status: number): boolean {
	return status === 429 || status === 503;
}

/** `Retry-After: 120` or an HTTP date, in milliseconds from now; 0 when there is none. */
export function retryAfterMs(value: string | undefined, now = Date.now()): number {
	if (value === undefined) return 0;
	if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
	const date = Date.parse(value);
	return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
