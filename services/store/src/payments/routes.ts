import { type App, invalidCursor, notFound, pageOf, toPage } from '@autopilot/http';
import { z } from 'zod';
import { type CheckoutParts, openCheckout } from './checkout.ts';
import * as schema from './schema.ts';
import { cursorOf, findPayment, selectPayments } from './store.ts';

const tags = ['payments'];
const read = { scope: 'payments:read' };
const byId = z.object({ id: z.uuid() });
const { payment } = schema;

export function paymentRoutes(app: App, parts: CheckoutParts): void {
	const { db } = parts;
	app.post(
		'/api/v1/orders/:id/checkout',
		{
			config: { scope: 'orders:write' },
			schema: {
				tags,
				summary: 'The page where an order is paid; the one that is open is given again',
				params: z.object({ id: z.string().max(100).describe('Id or number of the order') }),
				body: schema.createCheckout,
				response: { 200: schema.checkout },
			},
		},
		({ params, body }) => openCheckout(parts, params.id, body),
	);
	app.get(
		'/api/v1/payments',
		{
			config: read,
			schema: {
				tags,
				summary: 'List payments, the newest first',
				querystring: schema.listPayments,
				response: { 200: pageOf(payment) },
			},
		},
		async ({ query }) => {
			const rows = await selectPayments(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, cursorOf);
		},
	);
	app.get(
		'/api/v1/payments/:id',
		{
			config: read,
			schema: { tags, summary: 'A payment', params: byId, response: { 200: payment } },
		},
		async ({ params }) => {
			const found = await findPayment(db, params.id);
			if (found === undefined) throw notFound('payment', params.id);
			return found;
		},
	);
}
