import { createEgress } from '@autopilot/egress';
import {
	connectRedis,
	createApiKey,
	createLogger,
	deleteExpiredKeys,
	parseConfig,
	runProcess,
} from '@autopilot/http';
import { connect, migrate } from '@autopilot/postgres';
import { openStorage } from '@autopilot/storage';
import { buildApp } from './app.ts';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';

const config = parseConfig(configSchema, process.env);
const logger = createLogger('store', config.LOG_LEVEL);

await runProcess(logger, async () => {
	const db = connect(config.DATABASE_URL, { name: 'store' });
	const redis = connectRedis(config.REDIS_URL, { name: 'store', failFast: true });
	const egress = createEgress({ allow: config.EGRESS_ALLOW });
	const storage = await openStorage(config);
	await migrate(db, migrations);
	if (config.API_KEY !== undefined) {
		await createApiKey(db, { name: 'bootstrap', scopes: ['*'], key: config.API_KEY });
	}
	const app = await buildApp({ config, db, redis, egress, storage, logger });
	await app.listen({ host: config.HOST, port: config.PORT });
	const cleaning = setInterval(() => void deleteExpiredKeys(db), 3_600_000);
	return async () => {
		clearInterval(cleaning);
		await app.close();
		await egress.close();
		redis.disconnect();
		await db.close();
	};
});
