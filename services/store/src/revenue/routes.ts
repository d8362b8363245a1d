import type { App } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import * as schema from './schema.ts';
import { selectRevenue } from './store.ts';

const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;

export function revenueRoutes(app: App, { db }: { db: Database }): void {
	app.get(
		'/api/v1/revenue',
		{
			config: { scope: 'ledger:read' },
			schema: {
				tags: ['revenue'],
				summary: 'What was sold, given back and kept, by day, product, campaign or workflow',
				querystring: schema.revenueQuery,
				response: { 200: schema.revenue },
			},
		},
		async ({ query }) => {
			const to = new Date(query.to ?? Date.now());
			const from = new Date(query.from ?? to.getTime() - DEFAULT_DAYS * DAY_MS);
			const window = { from: from.toISOString(), to: to.toISOString() };
			const data = await selectRevenue(db, { ...query, ...window });
			return { groupBy: query.groupBy, ...window, data, totals: totalsOf(data) };
		},
	);
}

function totalsOf(rows: readonly schema.RevenueRow[]) {
	const totals = new Map<string, Omit<schema.RevenueRow, 'key' | 'label'>>();
	for (const { key: _key, label: _label, ...row } of rows) {
		const sum = totals.get(row.currency);
		if (sum === undefined) {
			totals.set(row.currency, { ...row });
			continue;
		}
		sum.orders += row.orders;
		sum.revenue += row.revenue;
		sum.tax += row.tax;
		sum.refunds += row.refunds;
		sum.disputes += row.disputes;
		sum.fees += row.fees;
		sum.net += row.net;
	}
	return [...totals.values()];
}
