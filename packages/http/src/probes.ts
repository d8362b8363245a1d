import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { z } from 'zod';

/** Something that must work before traffic may come: resolves when it does, throws when not. */
export type ReadinessChecks = Record<string, () => Promise<void>>;

const CHECK_TIMEOUT_MS = 2000;
const readiness = z.object({
	status: z.enum(['ready', 'not_ready']),
	checks: z.record(z.string(), z.string()),
});

/** `/healthz`: the process answers. `/readyz`: what it needs answers too. `/metrics`: Prometheus text. */
export function registerProbes(
	app: FastifyInstance,
	options: { checks: ReadinessChecks; metrics: Registry },
): void {
	const config = { public: true, rateLimit: false as const };
	app.get(
		'/healthz',
		{
			config,
			logLevel: 'warn',
			schema: { tags: ['probes'], response: { 200: z.object({ status: z.literal('ok') }) } },
		},
		async () => ({ status: 'ok' }),
	);
	app.get(
		'/readyz',
		{
			config,
			logLevel: 'warn',
			schema: { tags: ['probes'], response: { 200: readiness, 503: readiness } },
		},
		async (_request, reply) => {
			const checks = await runChecks(options.checks);
			const ready = Object.values(checks).every((result) => result === 'ok');
			return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', checks });
		},
	);
	app.get(
		'/metrics',
		{ config, logLevel: 'warn', schema: { hide: true } },
		async (_request, reply) =>
			reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
	);
}

/** A registry with the process's own metrics. */
export function createMetrics(service: string): Registry {
	const registry = new Registry();
	registry.setDefaultLabels({ service });
	collectDefaultMetrics({ register: registry });
	return registry;
}

/** Counts and times every request by route, method and status. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
	const duration = new Histogram({
		name: 'http_request_duration_seconds',
		help: 'Time from the first byte of a request to the last of its answer',
		labelNames: ['method', 'route', 'status'],
		buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
		registers: [registry],
	});
	app.addHook('onResponse', async (request, reply) => {
		const route = request.routeOptions.url ?? 'unknown';
		duration.observe(
			{ method: request.method, route, status: reply.statusCode },
			reply.elapsedTime / 1000,
		);
	});
}

async function runChecks(checks: ReadinessChecks): Promise<Record<string, string>> {
	const results = await Promise.all(
		Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check)] as const),
	);
	return Object.fromEntries(results);
}

async function runCheck(check: () => Promise<void>): Promise<string> {
	const timedOut = Promise.withResolvers<never>();
	const timer = setTimeout(
		() => timedOut.reject(new Error(`no answer in ${CHECK_TIMEOUT_MS} ms`)),
		CHECK_TIMEOUT_MS,
	);
	try {
		await Promise.race([check(), timedOut.promise]);
		return 'ok';
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	} finally {
		clearTimeout(timer);
	}
}
