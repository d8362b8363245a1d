import { z } from 'zod';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { listOf } from '../wire/includable.ts';
import {
	address,
	emptyable,
	flag,
	integer,
	listing,
	mergeMetadata,
	metadata,
	shipping,
	text,
} from '../wire/parameters.ts';
import { nowOf, save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import { createProduct } from './catalogue.ts';
import { advanceClock, createClock } from './clocks.ts';
import { couponRoutes } from './coupon-routes.ts';
import { createCustomer, updateCustomer } from './customers.ts';
import { productFields } from './parameters.ts';
import { createPortalSession } from './portal.ts';
import { priceRoutes } from './price-routes.ts';

const customerFields = {
	email: emptyable(text).optional(),
	name: emptyable(text).optional(),
	phone: emptyable(text).optional(),
	description: emptyable(text).optional(),
	address: emptyable(address).optional(),
	shipping: emptyable(shipping).optional(),
	metadata: metadata.optional(),
	preferred_locales: z.array(text).optional(),
	invoice_settings: z
		.strictObject({ default_payment_method: emptyable(text).optional() })
		.optional(),
};

/** `/v1/customers` and the sessions of their portal. */
export function customerRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.post(
		'/v1/customers',
		z.strictObject({
			...customerFields,
			payment_method: text.optional(),
			test_clock: text.optional(),
		}),
		({ parameters }) => createCustomer(sandbox, parameters),
	);
	v1.get(
		'/v1/customers',
		z.strictObject({ ...listing, email: text.optional(), test_clock: text.optional() }),
		({ parameters: { email, test_clock, ...paging } }) =>
			listOf('/v1/customers', state.list('customer', paging, { email, test_clock })),
	);
	v1.get('/v1/customers/:id', z.strictObject({}), ({ id }) => state.require('customer', id));
	v1.post('/v1/customers/:id', z.strictObject(customerFields), ({ id, parameters }) =>
		updateCustomer(sandbox, state.require('customer', id), parameters),
	);
	v1.delete('/v1/customers/:id', z.strictObject({}), ({ id }) => {
		const customer = state.require('customer', id);
		save(sandbox, customer, 'customer.deleted');
		state.remove(id);
		return { id, object: 'customer', deleted: true };
	});
	v1.post(
		'/v1/billing_portal/sessions',
		z.strictObject({
			customer: text,
			return_url: text.optional(),
			locale: text.optional(),
			configuration: text.optional(),
		}),
		({ parameters }) => createPortalSession(sandbox, parameters),
	);
}

/** `/v1/products`, `/v1/prices` and `/v1/coupons`. */
export function catalogueRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.post(
		'/v1/products',
		z.strictObject({ ...productFields, id: text.optional() }),
		({ parameters }) => createProduct(sandbox, parameters),
	);
	v1.get(
		'/v1/products',
		z.strictObject({ ...listing, active: flag.optional(), ids: z.array(text).optional() }),
		({ parameters: { active, ids, ...paging } }) =>
			listOf(
				'/v1/products',
				state.list('product', paging, {
					id: ids,
					active: active === undefined ? undefined : Number(active),
				}),
			),
	);
	v1.get('/v1/products/:id', z.strictObject({}), ({ id }) => state.require('product', id));
	v1.post(
		'/v1/products/:id',
		z.strictObject({ ...productFields, name: text.optional(), default_price: text.optional() }),
		({ id, parameters: { metadata: given, ...rest } }) => {
			const product = state.require('product', id);
			const named = Object.fromEntries(
				Object.entries(rest).filter(([, value]) => value !== undefined),
			);
			const after = {
				...product,
				...named,
				metadata: mergeMetadata(product.metadata, given),
				updated: nowOf(sandbox),
			};
			save(sandbox, after, 'product.updated', named);
			return after;
		},
	);
	v1.delete('/v1/products/:id', z.strictObject({}), ({ id }) => {
		if (state.list('price', { limit: 1 }, { product: id }).data.length > 0) {
			throw refused(
				'This product cannot be deleted because it has one or more user-created prices.',
			);
		}
		save(sandbox, state.require('product', id), 'product.deleted');
		state.remove(id);
		return { id, object: 'product', deleted: true };
	});
	priceRoutes(v1, sandbox);
	couponRoutes(v1, sandbox);
}

/** `/v1/test_helpers/test_clocks`; a clock takes its customers along when it is deleted. */
export function clockRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/test_helpers/test_clocks';
	v1.post(
		base,
		z.strictObject({ frozen_time: integer, name: text.optional() }),
		({ parameters: { frozen_time: at, name } }) => createClock(sandbox, at, name ?? null),
	);
	v1.get(base, z.strictObject(listing), ({ parameters }) =>
		listOf(base, state.list('test_helpers.test_clock', parameters)),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) =>
		state.require('test_helpers.test_clock', id),
	);
	v1.post(`${base}/:id/advance`, z.strictObject({ frozen_time: integer }), ({ id, parameters }) =>
		advanceClock(sandbox, state.require('test_helpers.test_clock', id), parameters.frozen_time),
	);
	v1.delete(`${base}/:id`, z.strictObject({}), ({ id }) => {
		state.require('test_helpers.test_clock', id);
		for (const { id: customer } of state.all('customer', { test_clock: id })) {
			for (const { id: subscription } of state.all('subscription', { customer }))
				state.remove(subscription);
			state.remove(customer);
		}
		state.remove(id);
		return { id, object: 'test_helpers.test_clock', deleted: true };
	});
}
