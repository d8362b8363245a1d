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
import { buildApp } from './app.ts';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';
import { installBuiltInTemplates } from './templates/built-in.ts';
import { createCompiler } from './templates/compiler.ts';

const config = parseConfig(configSchema, process.env);
const logger = createLogger('marketing-suite', config.LOG_LEVEL);

await runProcess(logger, async () => {
	const db = connect(config.DATABASE_URL, { name: 'marketing-suite' });
	const redis = connectRedis(config.REDIS_URL, { name: 'marketing-suite', failFast: true });
	const egress = createEgress({ allow: config.EGRESS_ALLOW });
	const compiler = createCompiler();
	await migrate(db, migrations);
	await installBuiltInTemplates(db);
	if (config.API_KEY !== undefined) {
		await createApiKey(db, { name: 'bootstrap', scopes: ['*'], key: config.API_KEY });
	}
	const app = await buildApp({ config, db, redis, egress, compiler, logger });
	await app.listen({ host: config.HOST, port: config.PORT });
	const cleaning = setInterval(() => void deleteExpiredKeys(db), 3_600_000);
	return async () => {
		clearInterval(cleaning);
		await app.close();
		await compiler.close();
		await egress.close();
		redis.disconnect();
		await db.close();
	};
});
