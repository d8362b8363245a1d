import { type App, notFound } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import type { Door } from '../licenses/doors.ts';
import { tellLimitReached } from '../licenses/limit-reached.ts';
import { findLicense } from '../licenses/store.ts';
import { periodOf, usageOf } from './period.ts';
import { countUsage as body, usage } from './schema.ts';
import { selectUsage } from './store.ts';
import { countUsage, UsageLimit } from './usage.ts';

/** Counters that a licence limits: exports a month, calls a day. */
export function usageRoutes(app: App, { db, doors }: { db: Database; doors: Door[] }): void {
	for (const door of doors) {
		app.post(
			`${door.path}/usage`,
			{
				config: door.config('licenses:usage', 120),
				schema: {
					tags: door.tags,
					summary: 'Count a use; 409 `usage_limit` when there is not enough left',
					body,
					response: { 200: usage },
				},
			},
			async (request, reply) => {
				let refused: UsageLimit | undefined;
				try {
					return await door.run(request, reply, async (tx) => ({
						status: 200,
						body: await countUsage(tx, request.body).catch((error: unknown) => {
							if (error instanceof UsageLimit) refused = error;
							throw error;
						}),
					}));
				} finally {
					if (refused !== undefined) {
						const limit = `usage:${refused.counter}`;
						const cause = door.causeOf(request);
						await tellLimitReached(db, refused.licenseId, 'license.limit_reached', limit, cause);
					}
				}
			},
		);
	}
	app.get(
		'/api/v1/licenses/:id/usage',
		{
			config: { scope: 'licenses:read' },
			schema: {
				tags: ['licenses'],
				summary: 'What is used of each counter in its present period',
				params: z.object({ id: z.uuid() }),
				response: { 200: z.object({ data: z.array(usage) }) },
			},
		},
		async ({ params: { id } }) => {
			const license = await findLicense(db, id);
			if (license === undefined) throw notFound('license', id);
			const rows = await selectUsage(db, id);
			const now = new Date();
			return {
				data: Object.entries(license.terms.counters).map(([name, rule]) => {
					const start = periodOf(rule.period, now).start.getTime();
					const row = rows.find(
						({ counter, periodStart }) => counter === name && periodStart.getTime() === start,
					);
					return usageOf(name, rule, row?.used ?? 0, now);
				}),
			};
		},
	);
}
