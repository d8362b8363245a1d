import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from '@autopilot/http';
import { RedisScript } from './redis-script.ts';

export interface HostBudgetSettings {
	/** Least time between two requests to one host. */
	delayMs: number;
	/** Requests to one host at once, of all workers together. */
	concurrency: number;
}

export interface Lease {
	/** How long the request had to wait for its turn. */
	waitedMs: number;
	/** `throttled`: the host answered 429 or 503; `retryAfterMs` is what it asked for, if it did. */
	release(outcome: 'done' | 'throttled', retryAfterMs?: number): Promise<void>;
}

/** A worker that is killed holds its place no longer than this. */
const leaseMs = 60_000;
const maxBackoffMs = 60_000;
const stateMs = 15 * 60_000;

/*
 * One hash per host: `next` (when the next request may start), `backoff` (extra delay after 429s).
 * One sorted set of the requests under way, by when their lease runs out. Redis' own clock, as the
 * workers' clocks differ. Answer: 0 to go ahead, else milliseconds to wait before asking again.
 */
const acquire = new RedisScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local delay, concurrency, lease, keep = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= concurrency then return 25 end
local state = redis.call('HMGET', KEYS[1], 'next', 'backoff')
local start = tonumber(state[1] or 0)
if start > now then return math.min(start - now, 5000) end
local backoff = tonumber(state[2] or 0)
local gap = math.max(delay, backoff)
if gap > 0 then
  redis.call('HSET', KEYS[1], 'next', now + math.floor(gap * tonumber(ARGV[6])))
  redis.call('PEXPIRE', KEYS[1], keep)
end
redis.call('ZADD', KEYS[2], now + lease, ARGV[4])
redis.call('PEXPIRE', KEYS[2], lease)
return 0
`);

const release = new RedisScript(`
redis.call('ZREM', KEYS[2], ARGV[1])
local backoff = tonumber(redis.call('HGET', KEYS[1], 'backoff') or 0)
if ARGV[2] == 'throttled' then
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  local asked = tonumber(ARGV[3])
  backoff = math.min(math.max(1000, backoff * 2), tonumber(ARGV[4]))
  local pause = asked > 0 and asked or backoff
  local start = math.max(tonumber(redis.call('HGET', KEYS[1], 'next') or 0), now + pause)
  redis.call('HSET', KEYS[1], 'next', start, 'backoff', asked > 0 and 0 or backoff)
  redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[5]), pause + 1000))
elseif backoff > 0 then
  backoff = math.floor(backoff * 0.75)
  redis.call('HSET', KEYS[1], 'backoff', backoff < 200 and 0 or backoff)
end
return 0
`);

/** Turns at a host, shared by all workers through Redis. */
export class HostBudget {
	readonly #redis: Redis;
	readonly #settings: HostBudgetSettings;

	constructor(redis: Redis, settings: HostBudgetSettings) {
		this.#redis = redis;
		this.#settings = settings;
	}

	/**
	 * Waits for a turn at the host.
	 * @param crawlDelayMs what the host's robots.txt asks for; the longer delay counts
	 */
	async acquire(host: string, crawlDelayMs: number, signal: AbortSignal): Promise<Lease> {
		const keys = [`research:{${host}}:budget`, `research:{${host}}:leases`];
		const id = randomUUID();
		const delay = Math.max(this.#settings.delayMs, crawlDelayMs);
		const startedAt = performance.now();
		for (;;) {
			signal.throwIfAborted();
			const wait = await acquire.run(this.#redis, keys, [
				delay,
				this.#settings.concurrency,
				leaseMs,
				id,
				stateMs,
				// Never quicker than asked, a quarter slower at most, so that workers do not march in step.
				1 + Math.random() * 0.25,
			]);
			if (wait === 0) break;
			await sleep(wait + Math.random() * 10, undefined, { signal });
		}
		const waitedMs = Math.round(performance.now() - startedAt);
		return {
			waitedMs,
			release: async (outcome, retryAfterMs = 0) => {
				await release.run(this.#redis, keys, [id, outcome, retryAfterMs, maxBackoffMs, stateMs]);
			},
		};
	}
}
