import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { PROBLEM_TYPE, problemSchema } from './problem.ts';

/** OpenAPI 3.1 at `/openapi.json`, made from the zod contracts, and a page for people at `/docs`. */
export async function registerOpenApi(
	app: FastifyInstance,
	info: { title: string; version: string; description: string; url: string },
): Promise<void> {
	app.addHook('onRoute', (route) => {
		if (route.schema === undefined || route.schema.hide === true) return;
		const response = { ...(route.schema.response ?? {}) };
		route.schema = {
			...route.schema,
			response: {
				...response,
				default: {
					description: 'Problem (RFC 9457)',
					content: { [PROBLEM_TYPE]: { schema: problemSchema } },
				},
			},
			...(route.config?.public === true ? {} : { security: [{ apiKey: [] }] }),
		};
	});
	await app.register(swagger, {
		openapi: {
			openapi: '3.1.0',
			info: { title: info.title, version: info.version, description: info.description },
			servers: [{ url: info.url }],
			components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
		},
		transform: jsonSchemaTransform,
	});
	await app.register(async (docs) => {
		docs.addHook('onRoute', (route) => {
			route.config = { ...route.config, public: true };
		});
		await docs.register(swaggerUi, { routePrefix: '/docs', logLevel: 'warn' });
	});
	app.get(
		'/openapi.json',
		{ config: { public: true, rateLimit: false }, schema: { hide: true }, logLevel: 'warn' },
		async () => app.swagger(),
	);
}
