import { Redis } from 'ioredis';

export { Redis };

/**
 * A Redis connection that waits for the server to come back instead of failing its commands after some tries;
 * BullMQ needs it so.
 * @param options.name  shown in CLIENT LIST
 * @param options.failFast  true where an answer must not wait for Redis, such as in readiness checks
 */
export function connectRedis(url: string, options: { name: string; failFast?: boolean }): Redis {
	const redis = new Redis(url, {
		connectionName: options.name,
		maxRetriesPerRequest: options.failFast === true ? 1 : null,
		enableOfflineQueue: options.failFast !== true,
		retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
	});
	// Without a listener a lost connection would end the process; readiness reports it instead.
	redis.on('error', () => undefined);
	return redis;
}
