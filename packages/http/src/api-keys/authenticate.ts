import type { Database } from '@autopilot/postgres';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import { type KeyCache, openKeyCache } from './cache.ts';
import { grants } from './keys.ts';

/** Who is calling. */
export interface Caller {
	id: string;
	name: string;
	scopes: string[];
}

declare module 'fastify' {
	interface FastifyRequest {
		/** Set on every route that is not public. */
		caller: Caller | null;
	}
	interface FastifyContextConfig {
		/** Scope that the caller's key must grant, `resource:action`. */
		scope?: string;
		/** True for routes that need no key: probes, signed links, tracking. */
		public?: boolean;
	}
}

/** Checks the API key of every route but the public ones, before anything else is done for the request. */
export function registerAuthentication(app: FastifyInstance, db: Database): void {
	const keys = openKeyCache(db);
	app.addHook('onReady', () => keys.listen());
	app.addHook('onClose', () => keys.close());
	app.decorateRequest('caller', null);
	app.addHook('onRequest', async (request) => {
		const { config } = request.routeOptions;
		if (config.public === true || request.is404) return;
		request.caller = await authenticate(keys, request);
		if (config.scope !== undefined && !grants(request.caller.scopes, config.scope)) {
			throw new Problem({
				status: 403,
				code: 'scope_missing',
				detail: `The key "${request.caller.name}" lacks the scope ${config.scope}. Create one that has it with: autopilot keys create`,
			});
		}
	});
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
	if (request.caller === null) throw new Error('callerOf was called on a public route');
	return request.caller;
}

async function authenticate(keys: KeyCache, request: FastifyRequest): Promise<Caller> {
	const key = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
	const caller = key === undefined ? undefined : await keys.find(key);
	if (caller !== undefined) return caller;
	throw new Problem({
		status: 401,
		code: key === undefined ? 'key_missing' : 'key_invalid',
		detail:
			key === undefined
				? 'Send an API key: Authorization: Bearer ap_...'
				: 'The API key is unknown, expired or revoked. Create one with: autopilot keys create',
		headers: { 'www-authenticate': 'Bearer' },
	});
}
