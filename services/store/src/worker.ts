import { createEgress } from '@autopilot/egress';
import { startDeliveryWorker } from '@autopilot/events';
import { createLogger, createProbeApp, parseConfig, runProcess } from '@autopilot/http';
import { connect, waitForMigrations } from '@autopilot/postgres';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';

const config = parseConfig(configSchema, process.env);
const logger = createLogger('store-worker', config.LOG_LEVEL);

await runProcess(logger, async () => {
	const db = connect(config.DATABASE_URL, { name: 'store worker' });
	const egress = createEgress({ allow: config.EGRESS_ALLOW });
	await waitForMigrations(db, migrations);
	const stopDeliveries = await startDeliveryWorker({ db, egress, logger });
	const probes = createProbeApp({
		name: 'store-worker',
		logger,
		checks: { database: async () => void (await db.query('SELECT 1')) },
	});
	await probes.listen({ host: config.HOST, port: config.WORKER_PORT });
	return async () => {
		await stopDeliveries();
		await probes.close();
		await egress.close();
		await db.close();
	};
});
