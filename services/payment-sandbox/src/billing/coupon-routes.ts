import { z } from 'zod';
import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { refused } from '../wire/error.ts';
import { listOf } from '../wire/includable.ts';
import { count, currency, decimal, integer, listing, metadata, text } from '../wire/parameters.ts';
import type { Coupon } from './coupon.ts';

/** `/v1/coupons`: an amount or a share off; make, list, fetch, delete. */
export function couponRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	v1.post(
		'/v1/coupons',
		z.strictObject({
			id: text.optional(),
			amount_off: count.pipe(z.number().min(1)).optional(),
			percent_off: decimal.pipe(z.number().gt(0).max(100)).optional(),
			currency: currency.optional(),
			duration: z.enum(['once', 'forever', 'repeating']).default('once'),
			duration_in_months: count.optional(),
			max_redemptions: count.optional(),
			metadata: metadata.optional(),
			name: text.optional(),
			redeem_by: integer.optional(),
		}),
		({ parameters: given }) => {
			if ((given.amount_off === undefined) === (given.percent_off === undefined)) {
				throw refused('You must pass either amount_off and currency or percent_off.', {
					param: 'amount_off',
				});
			}
			const coupon: Coupon = {
				id: given.id ?? newId('cpn').slice(4, 12),
				object: 'coupon',
				amount_off: given.amount_off ?? null,
				created: nowOf(sandbox),
				currency: given.currency ?? null,
				duration: given.duration,
				duration_in_months: given.duration_in_months ?? null,
				livemode: false,
				max_redemptions: given.max_redemptions ?? null,
				metadata: given.metadata ?? {},
				name: given.name ?? null,
				percent_off: given.percent_off ?? null,
				redeem_by: given.redeem_by ?? null,
				times_redeemed: 0,
				valid: true,
			};
			save(sandbox, coupon, 'coupon.created');
			return coupon;
		},
	);
	v1.get('/v1/coupons', z.strictObject(listing), ({ parameters }) =>
		listOf('/v1/coupons', state.list('coupon', parameters)),
	);
	v1.get('/v1/coupons/:id', z.strictObject({}), ({ id }) => state.require('coupon', id));
	v1.delete('/v1/coupons/:id', z.strictObject({}), ({ id }) => {
		save(sandbox, state.require('coupon', id), 'coupon.deleted');
		state.remove(id);
		return { id, object: 'coupon', deleted: true };
	});
}
