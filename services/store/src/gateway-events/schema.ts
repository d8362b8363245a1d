import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

const state = z
	.enum(['pending', 'handled', 'ignored', 'dead'])
	.describe('ignored: of a type that we do not follow, or about something that is not ours');

export const gatewayEvent = z.object({
	id: z.uuid(),
	gateway: z.string(),
	externalId: z.string(),
	type: z.string(),
	objectId: z.string(),
	state,
	source: z.enum(['webhook', 'reconciliation']),
	attempts: z.int(),
	lastError: z.string().nullable(),
	occurredAt: z.iso.datetime(),
	receivedAt: z.iso.datetime(),
	nextAttemptAt: z.iso.datetime(),
	handledAt: z.iso.datetime().nullable(),
});
export type InboxEvent = z.output<typeof gatewayEvent>;

export const listGatewayEvents = z.object({
	...pageQuery,
	state: state.optional(),
	gateway: z.string().max(50).optional(),
	type: z.string().max(100).optional(),
});
export type ListGatewayEvents = z.output<typeof listGatewayEvents>;
