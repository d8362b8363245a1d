import { connectRedis, parseConfig } from '@autopilot/http';
import { runWorker } from '@autopilot/service';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';
import { startSending } from './sending/worker.ts';

const config = parseConfig(configSchema, process.env);

await runWorker({ name: 'marketing-suite', config, migrations }, async ({ db, logger }) => {
	const redis = connectRedis(config.REDIS_URL, { name: 'marketing-suite worker' });
	const stop = await startSending({ config, db, redis, logger });
	return {
		close: async () => {
			await stop();
			redis.disconnect();
		},
	};
});
