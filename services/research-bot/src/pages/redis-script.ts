import { createHash } from 'node:crypto';
import type { Redis } from '@autopilot/http';

/** A Lua script that answers with a number, sent once and then called by its hash. */
export class RedisScript {
	readonly #source: string;
	readonly #sha: string;

	constructor(source: string) {
		this.#source = source;
		this.#sha = createHash('sha1').update(source).digest('hex');
	}

	async run(redis: Redis, keys: string[], values: (string | number)[]): Promise<number> {
		try {
			return Number(await redis.evalsha(this.#sha, keys.length, ...keys, ...values));
		} catch (error) {
			// NOSCRIPT is Redis' error code: it was restarted or flushed since.
			if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
			return Number(await redis.eval(this.#source, keys.length, ...keys, ...values));
		}
	}
}
