import { migrationsIn } from '@autopilot/postgres';

export { registerDeliveryRoutes } from './deliveries/routes.ts';
export {
	type DeliveryWorkerOptions,
	parseRetryAfter,
	RETRY_DELAYS_MS,
	startDeliveryWorker,
} from './deliveries/worker.ts';
export {
	type Callback,
	type DomainEvent,
	emit,
	emitAll,
	EMISSION,
	queueCallback,
} from './outbox/outbox.ts';
export { generateSecret, secretOf, sign, verify, type WebhookHeaders } from './signature.ts';
export { registerWebhookEndpointRoutes } from './webhook-endpoints/routes.ts';

/** Tables of this package: webhook endpoints, outbox, deliveries. */
export const eventMigrations = migrationsIn('events', import.meta.url);
