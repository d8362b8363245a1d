import type { FastifyInstance } from 'fastify';
import type { Sandbox } from '../sandbox.ts';
import { newLink } from './parameters.ts';
import { alive, cancelLink, createLink, linkOf } from './payment-link.ts';

/** `/razorpay/v1/payment_links`: make, list, fetch, cancel. */
export function paymentLinkRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/razorpay/v1/payment_links';
	app.post(base, (request) => createLink(sandbox, newLink.parse(request.body)));
	app.get<{ Querystring: { reference_id?: string } }>(base, (request) => ({
		payment_links: state
			.list('razorpay.link', { limit: 100 }, { 'entity.reference_id': request.query.reference_id })
			.data.map((link) => alive(sandbox, link).entity),
	}));
	app.get<{ Params: { id: string } }>(
		`${base}/:id`,
		(request) => linkOf(sandbox, request.params.id).entity,
	);
	app.post<{ Params: { id: string } }>(
		`${base}/:id/cancel`,
		(request) => cancelLink(sandbox, linkOf(sandbox, request.params.id)).entity,
	);
}
