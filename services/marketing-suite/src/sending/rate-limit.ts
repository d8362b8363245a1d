import type { Redis } from '@autopilot/http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How fast all workers together may send. */
export interface RateLimit {
	/**
	 * Waits until at least one mail may go out.
	 * @returns how many, at most as many as were wanted
	 */
	take(wanted: number, signal: AbortSignal): Promise<number>;
}

const KEY = 'marketing:send-rate';
/** Mails that may leave at the same moment, as a share of a second's: it keeps the figure of any second near the limit. */
const BURST_SECONDS = 0.05;

// One key holds the time at which the next mail may go. Redis's clock counts, so workers need not agree on theirs.
// An emptied Redis forgets it and lets one burst through early.
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local spacing = 1000 / tonumber(ARGV[1])
local burst = math.max(1, math.floor(tonumber(ARGV[1]) * tonumber(ARGV[3])))
local next = tonumber(redis.call('GET', KEYS[1]) or now)
if next > now then return {0, math.ceil(next - now)} end
local granted = math.min(tonumber(ARGV[2]), burst)
local from = math.max(next, now - burst * spacing)
redis.call('SET', KEYS[1], string.format('%.3f', from + granted * spacing), 'PX', 60000)
return {granted, 0}`;

/** @param perSecond  0 sets no limit */
export function createRateLimit(redis: Redis, perSecond: number): RateLimit {
	if (perSecond === 0) return { take: async (wanted) => wanted };
	return {
		async take(wanted, signal) {
			for (;;) {
				const answer = await redis.eval(SCRIPT, 1, KEY, perSecond, wanted, BURST_SECONDS);
				const [granted, waitMs] = Array.isArray(answer) ? answer.map(Number) : [];
				if (granted !== undefined && granted > 0) return granted;
				await sleep(Math.min(waitMs ?? 100, 1000), undefined, { signal });
			}
		},
	};
}
