import { type App, invalidCursor, pageOf, toPage, unprocessable } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Gateways } from '../gateways/gateways.ts';
import { reconcile } from './reconciliations.ts';
import * as schema from './schema.ts';
import { cursorOf, selectReconciliations } from './store.ts';

const tags = ['reconciliations'];
const DAY_MS = 86_400_000;
/** As long as Stripe keeps its events. */
const MOST_DAYS = 30;
const { reconciliation } = schema;

export function reconciliationRoutes(
	app: App,
	{ db, gateways }: { db: Database; gateways: Gateways },
): void {
	app.post(
		'/api/v1/reconciliations',
		{
			config: { scope: 'payments:write' },
			schema: {
				tags,
				summary: "Compare a gateway's list with our books, now; safe to repeat",
				body: schema.createReconciliation,
				response: { 201: reconciliation },
			},
		},
		async ({ body }, reply) => {
			const to = new Date(body.to ?? Date.now());
			const from = new Date(body.from ?? to.getTime() - 2 * DAY_MS);
			const days = (to.getTime() - from.getTime()) / DAY_MS;
			if (days <= 0 || days > MOST_DAYS) {
				throw unprocessable(
					'window_invalid',
					`A window ends after it begins and is ${MOST_DAYS} days long at most.`,
					[{ pointer: '/from', detail: 'is too early or after the end' }],
				);
			}
			return reply.code(201).send(await reconcile(db, gateways.pick(body.gateway), { from, to }));
		},
	);
	app.get(
		'/api/v1/reconciliations',
		{
			config: { scope: 'payments:read' },
			schema: {
				tags,
				summary: 'List reconciliations with their differences, the newest first',
				querystring: schema.listReconciliations,
				response: { 200: pageOf(reconciliation) },
			},
		},
		async ({ query }) => {
			const rows = await selectReconciliations(db, query);
			if (rows === undefined) throw invalidCursor();
			return toPage(rows, query.limit, cursorOf);
		},
	);
}
