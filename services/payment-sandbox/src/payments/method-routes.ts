import { z } from 'zod';
import type { Sandbox } from '../sandbox.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { listOf } from '../wire/includable.ts';
import { listing, text } from '../wire/parameters.ts';
import { attachMethod, methodOf } from './methods.ts';

/** `/v1/payment_methods`: list, fetch, attach to a customer, detach. */
export function methodRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/payment_methods';
	v1.get(
		base,
		z.strictObject({ ...listing, customer: text.optional(), type: text.optional() }),
		({ parameters: { customer, type: _type, ...paging } }) =>
			listOf(base, state.list('payment_method', paging, { customer })),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) => methodOf(sandbox, id, 'id'));
	v1.post(`${base}/:id/attach`, z.strictObject({ customer: text }), ({ id, parameters }) =>
		attachMethod(sandbox, id, parameters.customer),
	);
	v1.post(`${base}/:id/detach`, z.strictObject({}), ({ id }) => {
		const after = { ...state.require('payment_method', id), customer: null };
		state.put(after);
		return after;
	});
}
