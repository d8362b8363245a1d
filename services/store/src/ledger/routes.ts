import { type App, invalidCursor, pageOf, toPage } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import * as schema from './schema.ts';
import { selectBalances, selectEntries } from './store.ts';

const tags = ['ledger'];
const config = { scope: 'ledger:read' };

export function ledgerRoutes(app: App, { db }: { db: Database }): void {
	app.get(
		'/api/v1/ledger/entries',
		{
			config,
			schema: {
				tags,
				summary: 'List the entries of the ledger, the newest first',
				querystring: schema.listEntries,
				response: { 200: pageOf(schema.ledgerEntry) },
			},
		},
		async ({ query }) => {
			const rows = await selectEntries(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, ({ cursor }) => cursor);
		},
	);
	app.get(
		'/api/v1/ledger/balances',
		{
			config,
			schema: {
				tags,
				summary: 'Balance of each account and currency',
				querystring: schema.balancesQuery,
				response: { 200: schema.ledgerBalances },
			},
		},
		async ({ query }) => {
			const data = await selectBalances(db, query);
			const sums = new Map<string, number>();
			for (const { currency, balance } of data) {
				sums.set(currency, (sums.get(currency) ?? 0) + balance);
			}
			return { data, balanced: [...sums.values()].every((sum) => sum === 0) };
		},
	);
}
