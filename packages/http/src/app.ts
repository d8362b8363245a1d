import rateLimit from '@fastify/rate-limit';
import {
	type Database,
	type MigrationSource,
	migrationsIn,
	pendingMigrations,
} from '@autopilot/postgres';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { callerOf, registerAuthentication } from './api-keys/authenticate.ts';
import { type BodyTimes, limitBodyTime } from './body-time.ts';
import type { TrustedProxies } from './config.ts';
import { serializerCompiler } from './contracts/serializer.ts';
import { registerValidator } from './contracts/validator.ts';
import { correlationIdOf } from './correlation.ts';
import { registerErrorHandler } from './error-handler.ts';
import { registerOpenApi } from './openapi.ts';
import { Problem } from './problem.ts';
import { createMetrics, measureRequests, type ReadinessChecks, registerProbes } from './probes.ts';
import { sharedCounters } from './rate-limit/shared-counters.ts';
import type { Redis } from './redis.ts';
import { RequestLog } from './request-log.ts';

/** A Fastify app whose route schemas are zod. */
export type App = ReturnType<typeof typed>;

export interface AppOptions {
	/** Name of the service, as in logs, metrics and the OpenAPI title. */
	name: string;
	description: string;
	url: string;
	db: Database;
	redis: Redis;
	logger: FastifyBaseLogger;
	migrations: MigrationSource[];
	rateLimitPerMinute: number;
	/** Bytes; 1 MiB when not given. A route may raise it for itself. */
	bodyLimit?: number;
	/** Whose `x-forwarded-for` is believed; nobody's when not given. See TRUST_PROXY. */
	trustProxy?: TrustedProxies;
	/** Times for bodies to come; a minute, and half a minute without a byte for uploads, when not given. */
	times?: Partial<BodyTimes>;
	/** More things that must work before traffic may come. */
	checks?: ReadinessChecks;
	/** Registry to publish at /metrics; a new one when not given. */
	metrics?: Registry;
}

/** Tables of this package: API keys and idempotency keys. */
export const httpMigrations = migrationsIn('http', import.meta.url);

/**
 * One way to build a service's API. What it gives to every route: zod contracts for request and answer, problems,
 * API keys with scopes, rate limit per key, correlation id, probes, metrics, OpenAPI.
 * Routes are registered on what it returns; a route without `config: { public: true }` needs a key.
 */
export async function createApp(options: AppOptions): Promise<App> {
	const app = typed(options);
	const metrics = options.metrics ?? createMetrics(options.name);
	registerValidator(app);
	app.setSerializerCompiler(serializerCompiler);
	registerErrorHandler(app);
	app.addHook('onRequest', async (request, reply) => {
		reply.header('x-correlation-id', request.id);
	});
	limitBodyTime(app, { requestTimeoutMs: 60_000, uploadStallMs: 30_000, ...options.times });
	measureRequests(app, metrics);
	registerAuthentication(app, options.db);
	await registerRateLimit(app, options);
	await registerOpenApi(app, {
		title: options.name,
		version: 'v1',
		description: options.description,
		url: options.url,
	});
	registerProbes(app, {
		metrics,
		checks: {
			database: async () => void (await options.db.query('SELECT 1')),
			redis: async () => void (await options.redis.ping()),
			migrations: () => assertMigrated(options),
			...options.checks,
		},
	});
	registerWhoami(app, options.name);
	return app;
}

function typed(options: AppOptions) {
	return Fastify({
		loggerInstance: options.logger,
		genReqId: (request) => correlationIdOf(request.headers),
		logController: new RequestLog({ requestIdLogLabel: 'correlationId' }),
		bodyLimit: options.bodyLimit ?? 1024 * 1024,
		// Bodies have limits of their own, see limitBodyTime; Node goes on to limit headers.
		requestTimeout: 0,
		trustProxy: trusting(options.trustProxy ?? false),
		forceCloseConnections: 'idle',
		routerOptions: { ignoreTrailingSlash: true },
	}).withTypeProvider<ZodTypeProvider>();
}

/** Fastify takes no number of proxies by itself any more. */
function trusting(proxies: TrustedProxies) {
	return typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxies;
}

async function registerRateLimit(app: FastifyInstance, options: AppOptions): Promise<void> {
	await app.register(rateLimit, {
		max: options.rateLimitPerMinute,
		timeWindow: 60_000,
		hook: 'preParsing',
		store: sharedCounters(options.redis, `rate-limit:${options.name}:`),
		enableDraftSpec: true,
		keyGenerator: (request) => request.caller?.id ?? request.ip,
		errorResponseBuilder: (_request, { ttl, max }) =>
			new Problem({
				status: 429,
				code: 'rate_limited',
				detail: `More than ${max} requests in a minute. Ask again in ${Math.ceil(ttl / 1000)} s.`,
			}),
	});
}

async function assertMigrated({ db, migrations }: AppOptions): Promise<void> {
	const pending = await pendingMigrations(db, migrations);
	if (pending.length > 0) throw new Error(`missing: ${pending.join(', ')}`);
}

/** What a credential test asks: which key is this, and what may it do? */
function registerWhoami(app: FastifyInstance, service: string): void {
	app.get(
		'/api/v1/whoami',
		{
			schema: {
				summary: 'The key that is asking',
				tags: ['keys'],
				response: {
					200: z.object({
						service: z.string(),
						keyName: z.string(),
						scopes: z.array(z.string()),
					}),
				},
			},
		},
		async (request) => {
			const { name, scopes } = callerOf(request);
			return { service, keyName: name, scopes };
		},
	);
}
