import { createEgress } from '@autopilot/egress';
import { startDeliveryWorker } from '@autopilot/events';
import {
	connectRedis,
	createLogger,
	createProbeApp,
	parseConfig,
	runProcess,
} from '@autopilot/http';
import { connect, waitForMigrations } from '@autopilot/postgres';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';
import { startSending } from './sending/worker.ts';

const config = parseConfig(configSchema, process.env);
const logger = createLogger('marketing-suite-worker', config.LOG_LEVEL);

await runProcess(logger, async () => {
	const db = connect(config.DATABASE_URL, { name: 'marketing-suite worker' });
	const redis = connectRedis(config.REDIS_URL, { name: 'marketing-suite worker' });
	const egress = createEgress({ allow: config.EGRESS_ALLOW });
	await waitForMigrations(db, migrations);
	const stopDeliveries = await startDeliveryWorker({ db, egress, logger });
	const stopSending = await startSending({ config, db, redis, logger });
	const probes = createProbeApp({
		name: 'marketing-suite-worker',
		logger,
		checks: { database: async () => void (await db.query('SELECT 1')) },
	});
	await probes.listen({ host: config.HOST, port: config.WORKER_PORT });
	return async () => {
		await stopSending();
		await stopDeliveries();
		await probes.close();
		await egress.close();
		redis.disconnect();
		await db.close();
	};
});
