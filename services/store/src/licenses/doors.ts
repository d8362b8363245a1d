import { type App, callerOf, type RunCommand } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { FastifyRequest } from 'fastify';
import type { Cause } from './settle.ts';

/**
 * One of the two ways to the routes that a licence key opens. Servers come with an API key and an idempotency key;
 * software on a buyer's machine comes with the licence key alone, from anywhere, and gets few tries for its address.
 */
export interface Door {
	path: string;
	isPublic: boolean;
	tags: string[];
	run: RunCommand;
	/** @param perMinute  requests that one address may send through the public door */
	config(scope: string, perMinute: number): DoorConfig;
	causeOf(request: FastifyRequest): Cause;
}

type DoorConfig =
	{ scope: string } | { public: true; rateLimit: { max: number; timeWindow: number } };

export function doorsOf({ db, command }: { db: Database; command: RunCommand }): Door[] {
	return [
		{
			path: '/api/v1/licenses',
			isPublic: false,
			tags: ['license checks'],
			run: command,
			config: (scope) => ({ scope }),
			causeOf: (request) => ({ correlationId: request.id, actor: callerOf(request).name }),
		},
		{
			path: '/public/licenses',
			isPublic: true,
			tags: ['license checks by buyers'],
			run: withoutKey(db),
			config: (_scope, max) => ({ public: true, rateLimit: { max, timeWindow: 60_000 } }),
			causeOf: (request) => ({ correlationId: request.id, actor: 'buyer' }),
		},
	];
}

// Idempotency keys belong to API keys. These commands are safe to repeat by themselves.
function withoutKey(db: Database): RunCommand {
	return async (_request, reply, work) => {
		const { status, body } = await db.transaction(work);
		reply.code(status);
		if (body === undefined) reply.send();
		else reply.send(body);
		return reply as never;
	};
}

/** Lets pages of any site ask the public door: the licence key is the secret, no cookie is. */
export function allowBrowsers(app: App): void {
	app.addHook('onRequest', async ({ url }, reply) => {
		if (!url.startsWith('/public/licenses') && !url.startsWith('/.well-known/license-')) return;
		reply.header('access-control-allow-origin', '*');
		reply.header('access-control-expose-headers', 'retry-after');
	});
	app.options(
		'/public/licenses/*',
		{ config: { public: true, rateLimit: false }, schema: { hide: true } },
		(_request, reply) =>
			reply
				.header('access-control-allow-methods', 'GET, POST')
				.header('access-control-allow-headers', 'content-type')
				.header('access-control-max-age', '86400')
				.code(204)
				.send(),
	);
}
