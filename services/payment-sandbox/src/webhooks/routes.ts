import { z } from 'zod';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { listOf } from '../wire/includable.ts';
import { emptyable, flag, listing, mergeMetadata, metadata, text } from '../wire/parameters.ts';
import type { Sandbox } from '../sandbox.ts';
import { createEndpoint, withoutSecret } from './endpoints.ts';

/** `/v1/events` and `/v1/webhook_endpoints`. */
export function webhookRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.get(
		'/v1/events',
		z.strictObject({
			...listing,
			type: text.optional(),
			types: z.array(text).max(20).optional(),
			delivery_success: flag.optional(),
		}),
		({ parameters: { type, types, delivery_success: _success, ...paging } }) =>
			listOf(
				'/v1/events',
				state.list('event', paging, { type: type === undefined ? types : [type] }),
			),
	);
	v1.get('/v1/events/:id', z.strictObject({}), ({ id }) => state.require('event', id));

	const base = '/v1/webhook_endpoints';
	v1.post(
		base,
		z.strictObject({
			url: z.url(),
			enabled_events: z.array(text).min(1),
			description: emptyable(text).optional(),
			metadata: metadata.optional(),
			api_version: text.optional(),
			connect: flag.optional(),
		}),
		({ parameters }) => createEndpoint(sandbox, parameters),
	);
	v1.get(base, z.strictObject(listing), ({ parameters }) => {
		const { data, has_more } = state.list('webhook_endpoint', parameters);
		return listOf(base, { data: data.map(withoutSecret), has_more });
	});
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) =>
		withoutSecret(state.require('webhook_endpoint', id)),
	);
	v1.post(
		`${base}/:id`,
		z.strictObject({
			url: z.url().optional(),
			enabled_events: z.array(text).min(1).optional(),
			description: emptyable(text).optional(),
			disabled: flag.optional(),
			metadata: metadata.optional(),
		}),
		({ id, parameters: given }) => {
			const endpoint = state.require('webhook_endpoint', id);
			const after = {
				...endpoint,
				url: given.url ?? endpoint.url,
				enabled_events: given.enabled_events ?? endpoint.enabled_events,
				description: given.description === undefined ? endpoint.description : given.description,
				metadata: mergeMetadata(endpoint.metadata, given.metadata),
				status:
					given.disabled === undefined
						? endpoint.status
						: given.disabled
							? ('disabled' as const)
							: ('enabled' as const),
			};
			state.put(after);
			return withoutSecret(after);
		},
	);
	v1.delete(`${base}/:id`, z.strictObject({}), ({ id }) => {
		state.require('webhook_endpoint', id);
		state.remove(id);
		return { id, object: 'webhook_endpoint', deleted: true };
	});
}
