import { z } from 'zod';
import { save, type Sandbox } from '../sandbox.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { listOf } from '../wire/includable.ts';
import { currency, flag, listing, mergeMetadata, metadata, text } from '../wire/parameters.ts';
import { createPrice } from './catalogue.ts';
import { priceData } from './parameters.ts';

/** `/v1/prices`: make, list, fetch, change what may be changed. */
export function priceRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const extra = {
		active: flag.optional(),
		lookup_key: text.optional(),
		metadata: metadata.optional(),
		nickname: text.optional(),
	};
	v1.post('/v1/prices', priceData.extend(extra), ({ parameters }) =>
		createPrice(sandbox, parameters),
	);
	v1.get(
		'/v1/prices',
		z.strictObject({
			...listing,
			product: text.optional(),
			lookup_keys: z.array(text).optional(),
			active: flag.optional(),
			type: z.enum(['one_time', 'recurring']).optional(),
			currency: currency.optional(),
		}),
		({ parameters: { product, lookup_keys, active, type, currency: code, ...paging } }) =>
			listOf(
				'/v1/prices',
				state.list('price', paging, {
					...{ product, lookup_key: lookup_keys, type, currency: code },
					active: active === undefined ? undefined : Number(active),
				}),
			),
	);
	v1.get('/v1/prices/:id', z.strictObject({}), ({ id }) => state.require('price', id));
	v1.post(
		'/v1/prices/:id',
		z.strictObject(extra),
		({ id, parameters: { metadata: given, ...rest } }) => {
			const price = state.require('price', id);
			const named = Object.fromEntries(
				Object.entries(rest).filter(([, value]) => value !== undefined),
			);
			const after = { ...price, ...named, metadata: mergeMetadata(price.metadata, given) };
			save(sandbox, after, 'price.updated', named);
			return after;
		},
	);
}
