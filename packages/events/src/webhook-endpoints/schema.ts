import { z } from 'zod';

/** @param types  every event type of the service; `*` and `noun.*` are accepted besides */
export function endpointSchemas(types: readonly string[]) {
	const patterns = new Set(types.map((type) => `${type.split('.', 1)[0]}.*`));
	const known = new Set([...types, ...patterns, '*']);
	const events = z
		.array(
			z.string().refine((type) => known.has(type), {
				error: `is not an event of this service. Events: ${types.join(', ')}; also noun.* and *`,
			}),
		)
		.min(1);
	return z.object({
		url: z.url({ protocol: /^https?$/ }).max(2000),
		events,
		description: z.string().max(500).optional(),
		metadata: z.record(z.string(), z.unknown()).default({}),
	});
}

export const endpoint = z.object({
	id: z.uuid(),
	url: z.string(),
	events: z.array(z.string()),
	description: z.string().nullable(),
	metadata: z.record(z.string(), z.unknown()),
	disabledAt: z.iso.datetime().nullable(),
	disabledReason: z.string().nullable(),
	createdAt: z.iso.datetime(),
});
export type Endpoint = z.output<typeof endpoint>;

/** With the signing secret, which is shown when it is made and when it is rotated. */
export const endpointWithSecret = endpoint.extend({ secret: z.string() });
