import { createEgress } from '@autopilot/egress';
import { startDeliveryWorker } from '@autopilot/events';
import { createLogger, createProbeApp, runProcess } from '@autopilot/http';
import { connect, waitForMigrations } from '@autopilot/postgres';
import type { Service, ServiceParts } from './parts.ts';

/**
 * Runs the worker process of a service until it is told to stop: waits for the migrations of the API, delivers events,
 * answers probes, and does what `start` begins.
 * @param service.connections  most connections to PostgreSQL at once, 10 by default
 * @param start  begins the work, and says what it needs to be ready and how it ends
 */
export async function runWorker(
	{ name, config, migrations, connections }: Service & { connections?: number },
	start: (parts: ServiceParts) => Promise<{
		checks?: Record<string, () => Promise<void>>;
		close: () => Promise<void>;
	}>,
): Promise<void> {
	const logger = createLogger(`${name}-worker`, config.LOG_LEVEL);
	await runProcess(logger, async () => {
		const db = connect(config.DATABASE_URL, {
			name: `${name} worker`,
			...(connections === undefined ? {} : { max: connections }),
		});
		const egress = createEgress({ allow: config.EGRESS_ALLOW });
		await waitForMigrations(db, migrations);
		const work = await start({ db, egress, logger });
		const stopDeliveries = await startDeliveryWorker({ db, egress, logger });
		const probes = createProbeApp({
			name: `${name}-worker`,
			logger,
			checks: { database: async () => void (await db.query('SELECT 1')), ...work.checks },
		});
		await probes.listen({ host: config.HOST, port: config.WORKER_PORT });
		return async () => {
			await work.close();
			await stopDeliveries();
			await probes.close();
			await egress.close();
			await db.close();
		};
	});
}
