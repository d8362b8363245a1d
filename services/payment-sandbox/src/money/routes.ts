import { z } from 'zod';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { listOf } from '../wire/includable.ts';
import { count, currency, listing, metadata, text } from '../wire/parameters.ts';
import type { Sandbox } from '../sandbox.ts';
import { availableBalance, createPayout } from './balance.ts';

/** `/v1/balance`, `/v1/balance_transactions` and `/v1/payouts`. */
export function moneyRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.get('/v1/balance', z.strictObject({}), () => ({
		object: 'balance',
		available: availableBalance(sandbox).map((one) => ({
			...one,
			source_types: { card: one.amount },
		})),
		livemode: false,
		pending: [],
	}));
	v1.get(
		'/v1/balance_transactions',
		z.strictObject({
			...listing,
			currency: currency.optional(),
			payout: text.optional(),
			source: text.optional(),
			type: text.optional(),
		}),
		({ parameters: { currency: code, payout, source, type, ...paging } }) =>
			listOf(
				'/v1/balance_transactions',
				state.list('balance_transaction', paging, { currency: code, payout, source, type }),
			),
	);
	v1.get('/v1/balance_transactions/:id', z.strictObject({}), ({ id }) =>
		state.require('balance_transaction', id),
	);
	v1.post(
		'/v1/payouts',
		z.strictObject({
			amount: count,
			currency,
			description: text.optional(),
			metadata: metadata.optional(),
			method: z.literal('standard').optional(),
		}),
		({ parameters }) => createPayout(sandbox, parameters),
	);
	v1.get(
		'/v1/payouts',
		z.strictObject({ ...listing, status: text.optional() }),
		({ parameters: { status, ...paging } }) =>
			listOf('/v1/payouts', state.list('payout', paging, { status })),
	);
	v1.get('/v1/payouts/:id', z.strictObject({}), ({ id }) => state.require('payout', id));
}
