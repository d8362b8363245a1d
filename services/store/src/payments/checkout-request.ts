import { unprocessable } from '@autopilot/http';
import type { Duration } from '../coupons/schema.ts';
import { trialProblem } from '../coupons/trials.ts';
import type { CheckoutLine } from '../gateways/gateway.ts';
import { portion } from '../money/allocate.ts';
import { stepOf } from '../money/currencies.ts';
import type { Order } from '../orders/schema.ts';
import type { PlanTerms, StoredRequest } from './checkout-store.ts';

// Stripe closes no page before 30 minutes; the rest is for asking again after a failure.
const SHORTEST_MS = 35 * 60_000;

// And keeps none open for a day or longer.
const LONGEST_MS = 23.9 * 3_600_000;

interface RequestOptions {
	successUrl: string;
	cancelUrl: string;
	customerRef: string | undefined;
	couponDuration: Duration;
}

/** What the gateway is asked for: lines that add up to the order's total, discount, tax and shipping in them. */
export function requestOf(
	order: Order,
	plans: readonly PlanTerms[],
	{ couponDuration, ...urls }: RequestOptions,
): StoredRequest {
	const planned = order.lines.filter(({ planId }) => planId !== null);
	if (planned.length > 1) {
		throw unprocessable(
			'one_plan_per_order',
			'An order can hold one subscription. Make an order for each.',
		);
	}
	const [plan] = plans;
	const trialDays = plan?.trialDays ?? 0;
	const discounts = planned.map((line) => fullTotal(line, order.currency) - line.totalAmount);
	const discount = discounts.reduce((sum, amount) => sum + amount, 0);
	const problem = trialProblem(
		order.couponCode ?? '',
		couponDuration,
		order.lines.map(({ planId, discountAmount }) => ({
			discounted: discountAmount > 0,
			trialDays: planId === null ? 0 : trialDays,
		})),
	);
	if (problem !== undefined) throw problem;
	const goods = order.lines.reduce((sum, { totalAmount }) => sum + totalAmount, 0);
	const notYet = trialDays > 0 ? planned.reduce((sum, line) => sum + line.totalAmount, 0) : 0;
	const shipping = order.total - goods;
	return {
		orderId: order.id,
		orderNumber: order.number,
		email: order.email,
		locale: order.locale,
		currency: order.currency,
		amount: order.total - notYet,
		lines: [
			...order.lines.map((line): CheckoutLine => {
				const { title, quantity, totalAmount, planId } = line;
				if (planId === null || plan === undefined) return { title, quantity, total: totalAmount };
				const recurring = { interval: plan.interval, intervalCount: plan.intervalCount };
				return { title, quantity, total: fullTotal(line, order.currency), recurring };
			}),
			...(shipping > 0 ? [{ title: 'Shipping', quantity: 1, total: shipping }] : []),
		].filter(({ total }) => total > 0),
		discountOnce: couponDuration === 'once' ? discount : 0,
		discountEvery: couponDuration === 'forever' ? discount : 0,
		trialDays,
		...urls,
		expiresAt: new Date(
			Math.min(
				Math.max(Date.parse(order.expiresAt), Date.now() + SHORTEST_MS),
				Date.now() + LONGEST_MS,
			),
		).toISOString(),
	};
}

// Without the discount, with the tax of the full price: what a renewal costs.
function fullTotal(line: Order['lines'][number], currency: string): number {
	if (line.discountAmount === 0) return line.totalAmount;
	const base = line.unitAmount * line.quantity;
	return base + (line.taxIncluded ? 0 : portion(base, line.taxBasisPoints, stepOf(currency)));
}
