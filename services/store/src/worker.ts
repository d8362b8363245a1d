import { parseConfig } from '@autopilot/http';
import { runWorker } from '@autopilot/service';
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

/** A task keeps a connection for its turn and works on others: with fewer of them all turns together would wait for ever. */
const CONNECTIONS = 40;

const config = parseConfig(configSchema, process.env);
const service = { name: 'store', config, migrations, connections: CONNECTIONS };

await runWorker(service, async ({ db, logger }) => {
	useOrderSettings({
		publicUrl: config.PUBLIC_URL,
		signingSecret: config.SIGNING_SECRET,
		reservationSeconds: config.RESERVATION_SECONDS,
	});
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
	return {
		close: async () => {
			await stopSchedule();
			await stopPayments();
		},
	};
});
