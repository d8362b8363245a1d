import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { createMetrics, type ReadinessChecks, registerProbes } from './probes.ts';

/** The only HTTP that a worker speaks: `/healthz`, `/readyz` and `/metrics`, for whoever supervises it. */
export function createProbeApp(options: {
	name: string;
	logger: FastifyBaseLogger;
	checks: ReadinessChecks;
}): FastifyInstance {
	const app = Fastify({ loggerInstance: options.logger });
	app.setValidatorCompiler(validatorCompiler);
	app.setSerializerCompiler(serializerCompiler);
	registerProbes(app, { checks: options.checks, metrics: createMetrics(options.name) });
	return app;
}
