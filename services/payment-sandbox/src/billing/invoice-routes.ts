import { z } from 'zod';
import { cardError } from '../payments/intent-errors.ts';
import type { Sandbox } from '../sandbox.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { refused } from '../wire/error.ts';
import { listOf } from '../wire/includable.ts';
import { flag, listing, text } from '../wire/parameters.ts';
import { intentOf, payInvoice } from './collect.ts';
import { previewInvoice } from './invoice-preview.ts';
import { markUncollectible, voidInvoice } from './invoice-status.ts';

/** `/v1/invoices` and `/v1/invoice_payments`. */
export function invoiceRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/invoices';
	v1.get(
		base,
		z.strictObject({
			...listing,
			customer: text.optional(),
			subscription: text.optional(),
			status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
		}),
		({ parameters: { customer, subscription, status, ...paging } }) =>
			listOf(base, state.list('invoice', paging, { customer, subscription, status })),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) => state.require('invoice', id));
	v1.get(
		`${base}/:id/lines`,
		z.strictObject(listing),
		({ id }) => state.require('invoice', id).lines,
	);
	v1.post(
		`${base}/create_preview`,
		z.strictObject({ subscription: text, customer: text.optional() }),
		({ parameters }) => previewInvoice(sandbox, parameters.subscription),
	);
	v1.post(
		`${base}/:id/pay`,
		z.strictObject({ payment_method: text.optional(), off_session: flag.optional() }),
		({ id, parameters }) => {
			const after = payInvoice(sandbox, state.require('invoice', id), parameters.payment_method);
			if (after.status === 'paid') return after;
			throw (
				cardError(intentOf(sandbox, after)) ??
				refused('There is no payment method to charge.', { code: 'resource_missing' })
			);
		},
	);
	v1.post(`${base}/:id/void`, z.strictObject({}), ({ id }) =>
		voidInvoice(sandbox, state.require('invoice', id)),
	);
	v1.post(`${base}/:id/mark_uncollectible`, z.strictObject({}), ({ id }) =>
		markUncollectible(sandbox, state.require('invoice', id)),
	);
	v1.get(
		'/v1/invoice_payments',
		z.strictObject({
			...listing,
			invoice: text.optional(),
			status: z.enum(['canceled', 'open', 'paid']).optional(),
			payment: z
				.strictObject({ type: z.literal('payment_intent'), payment_intent: text })
				.optional(),
		}),
		({ parameters: { invoice, status, payment, ...paging } }) =>
			listOf(
				'/v1/invoice_payments',
				state.list('invoice_payment', paging, {
					...{ invoice, status, payment_intent: payment?.payment_intent },
				}),
			),
	);
}
