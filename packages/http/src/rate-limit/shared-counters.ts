import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { RouteOptions } from 'fastify';
import type { Redis } from '../redis.ts';

interface Window {
	/** Requests that Redis knows of, ours and those of other processes. */
	shared: number;
	/** Requests that it does not know of yet. */
	fresh: number;
	endsAt: number;
}
type Counted = (error: Error | null, result?: { current: number; ttl: number }) => void;

const SYNC_MS = 250;

/**
 * Counts requests in this process and tells Redis four times a second, all keys in one pipeline, so that no request
 * waits for Redis. One process counts exactly; several learn of each other's requests a quarter of a second late.
 * While Redis is away each process counts for itself.
 */
export function sharedCounters(redis: Redis, nameSpace: string): FastifyRateLimitStoreCtor {
	const windows = new Map<string, Window>();
	let timer: NodeJS.Timeout | undefined;

	const sync = async (): Promise<void> => {
		timer = undefined;
		const now = Date.now();
		const told: { window: Window; count: number }[] = [];
		const pipeline = redis.pipeline();
		for (const [key, window] of windows) {
			if (window.endsAt <= now) {
				windows.delete(key);
			} else if (window.fresh > 0) {
				told.push({ window, count: window.fresh });
				pipeline.incrby(nameSpace + key, window.fresh);
				pipeline.pexpire(nameSpace + key, window.endsAt - now, 'NX');
				pipeline.pttl(nameSpace + key);
			}
		}
		if (told.length === 0) return;
		const answers = await pipeline.exec().catch(() => null);
		told.forEach(({ window, count }, index) => {
			const [counted, , expiry] = answers?.slice(index * 3, index * 3 + 3) ?? [];
			if (typeof counted?.[1] !== 'number' || typeof expiry?.[1] !== 'number') return;
			window.shared = counted[1];
			window.fresh -= count;
			window.endsAt = Date.now() + Math.max(expiry[1], 0);
		});
	};

	return class SharedCounters implements FastifyRateLimitStore {
		#prefix = '';

		incr(key: string, counted: Counted, windowMs: number): void {
			const now = Date.now();
			const name = this.#prefix + key;
			let window = windows.get(name);
			if (window === undefined || window.endsAt <= now) {
				window = { shared: 0, fresh: 0, endsAt: now + windowMs };
				windows.set(name, window);
			}
			window.fresh += 1;
			timer ??= setTimeout(() => void sync(), SYNC_MS).unref();
			counted(null, { current: window.shared + window.fresh, ttl: window.endsAt - now });
		}

		/** A route with a limit of its own counts apart. */
		child(route: RouteOptions): SharedCounters {
			const store = new SharedCounters();
			store.#prefix = `${String(route.method)}${route.url}-`;
			return store;
		}
	};
}
