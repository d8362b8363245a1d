import { createEgress } from '@autopilot/egress';
import { startDeliveryWorker } from '@autopilot/events';
import { createLogger, createProbeApp, parseConfig, runProcess } from '@autopilot/http';
import { connect, waitForMigrations } from '@autopilot/postgres';
import { configSchema } from './config.ts';
import { createGateways } from './gateways/gateways.ts';
import { licenseIssuer } from './licenses/issue.ts';
import { licenseKeys } from './licenses/key.ts';
import { licenseTasks } from './licenses/tasks.ts';
import { migrations } from './migrations.ts';
import { useOrderSettings } from './orders/settings.ts';
import { orderTasks } from './orders/tasks.ts';
import { moneyTasks, startPaymentWorker } from './payments/register.ts';
import { productTasks } from './products/tasks.ts';
import { startSchedule } from './schedule/schedule.ts';

const config = parseConfig(configSchema, process.env);
const logger = createLogger('store-worker', config.LOG_LEVEL);

await runProcess(logger, async () => {
	// A task keeps a connection for its turn and works on others: with fewer of them all turns together would wait for ever.
	const db = connect(config.DATABASE_URL, { name: 'store worker', max: 40 });
	const egress = createEgress({ allow: config.EGRESS_ALLOW });
	await waitForMigrations(db, migrations);
	useOrderSettings({
		publicUrl: config.PUBLIC_URL,
		signingSecret: config.SIGNING_SECRET,
		reservationSeconds: config.RESERVATION_SECONDS,
	});
	const stopDeliveries = await startDeliveryWorker({ db, egress, logger });
	const gateways = createGateways(config);
	const issueForOrder = licenseIssuer(
		licenseKeys({ signingSecret: config.SIGNING_SECRET, prefix: config.LICENSE_KEY_PREFIX }),
	);
	const stopPayments = await startPaymentWorker({ db, gateways, issueForOrder, logger });
	const stopSchedule = startSchedule({
		db,
		logger,
		tasks: [
			...licenseTasks,
			...moneyTasks({ gateways, logger }),
			...productTasks(),
			...orderTasks({ abandonedAfterSeconds: config.ABANDONED_AFTER_SECONDS }),
		],
	});
	const probes = createProbeApp({
		name: 'store-worker',
		logger,
		checks: { database: async () => void (await db.query('SELECT 1')) },
	});
	await probes.listen({ host: config.HOST, port: config.WORKER_PORT });
	return async () => {
		await stopSchedule();
		await stopPayments();
		await stopDeliveries();
		await probes.close();
		await egress.close();
		await db.close();
	};
});
