import type { Database } from '@autopilot/postgres';
import { findActiveKey, KEYS_CHANNEL } from './store.ts';

export interface KeyCache {
	find(key: string): Promise<{ id: string; name: string; scopes: string[] } | undefined>;
	/** Begins to hear of keys that are revoked or changed, in whatever process. */
	listen(): Promise<void>;
	close(): Promise<void>;
}

/** How long a key is believed without asking, should word of its end not come through. */
const BELIEVED_MS = 5000;
const MOST_KEYS = 10_000;

/**
 * Keys that were good a moment ago. A revoked key is refused at once, because its end is announced (NOTIFY);
 * if that word is lost with its connection, after five seconds.
 */
export function openKeyCache(db: Database): KeyCache {
	const known = new Map<
		string,
		{ caller: { id: string; name: string; scopes: string[] }; until: number }
	>();
	let generation = 0;
	let stop: (() => Promise<void>) | undefined;
	return {
		async find(key) {
			const now = Date.now();
			const entry = known.get(key);
			if (entry !== undefined && entry.until > now) return entry.caller;
			const asked = generation;
			const found = await findActiveKey(db, key);
			if (found === undefined) {
				known.delete(key);
				return undefined;
			}
			const caller = { id: found.id, name: found.name, scopes: found.scopes };
			const until = Math.min(now + BELIEVED_MS, found.expiresAt?.getTime() ?? Infinity);
			if (known.size >= MOST_KEYS) known.clear();
			// What was read before word of a change came may be what the change has ended.
			if (asked === generation) known.set(key, { caller, until });
			return caller;
		},
		async listen() {
			stop = await db.listen(KEYS_CHANNEL, () => {
				generation += 1;
				known.clear();
			});
		},
		async close() {
			await stop?.();
		},
	};
}
