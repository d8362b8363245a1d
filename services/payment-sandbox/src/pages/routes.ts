import type { FastifyInstance } from 'fastify';
import type { Sandbox } from '../sandbox.ts';
import { authenticationRoutes } from './authentication-routes.ts';
import { bankRoutes } from './bank-routes.ts';
import { billingPageRoutes } from './billing-routes.ts';
import { styleRoute } from './layout.ts';
import { payRoutes } from './pay-routes.ts';

/** All pages and their stylesheet. */
export function pageRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	styleRoute(app);
	payRoutes(app, sandbox);
	authenticationRoutes(app, sandbox);
	bankRoutes(app, sandbox);
	billingPageRoutes(app, sandbox);
}
