import { type App, invalidCursor, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import * as schema from './schema.ts';
import { cursorOf, selectInvoices } from './store.ts';

export function invoiceRoutes(app: App, { db }: { db: Database }): void {
	app.get(
		'/api/v1/invoices',
		{
			config: { scope: 'payments:read' },
			schema: {
				tags: ['invoices'],
				summary: 'List the invoices of the gateways, the newest first',
				querystring: schema.listInvoices,
				response: { 200: pageOf(schema.invoice) },
			},
		},
		async ({ query }) => {
			const rows = await selectInvoices(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, cursorOf);
		},
	);
}
