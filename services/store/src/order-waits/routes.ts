import { type App, callerOf, type Command } from '@autopilot/http';
import { z } from 'zod';
import { lockOrder } from '../orders/orders.ts';
import { order } from '../orders/schema.ts';
import { createWait } from './schema.ts';
import { waitForOrder } from './waits.ts';

export function orderWaitRoutes(app: App, { command }: { command: Command }): void {
	app.post(
		'/api/v1/orders/:id/callback',
		{
			config: { scope: 'orders:read' },
			schema: {
				tags: ['orders'],
				summary: 'Call a URL once when the order is shipped or delivered, or never will be',
				params: z.object({ id: z.uuid() }),
				body: createWait,
				response: { 202: order },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const { until, callback } = request.body;
				const { order: found } = await lockOrder(tx, request.params.id);
				if (callback !== undefined) {
					await waitForOrder(tx, found, {
						...{ ...callback, until },
						...{ apiKeyId: callerOf(request).id, correlationId: request.id },
					});
				}
				return { status: 202, body: found };
			}),
	);
}
