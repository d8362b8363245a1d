import type { ListedPayment, ListedRefund } from '../gateways/gateway.ts';
import type { Difference } from './schema.ts';
import type { OurPayment, OurRefund } from './store.ts';

type Found = Omit<Difference, 'repair'>;

/** Payments that one side has and the other has not, or has otherwise. */
export function comparePayments(
	listed: readonly ListedPayment[],
	ours: readonly OurPayment[],
): Found[] {
	const byRef = new Map(ours.map((payment) => [payment.paymentRef, payment]));
	const found: Found[] = [];
	for (const { paymentRef, orderId, amount, currency, succeeded } of listed) {
		const known = byRef.get(paymentRef);
		// What carries no order of ours and is not known here is somebody else's.
		if (!succeeded || (known === undefined && orderId === undefined)) continue;
		const theirs = `${amount} ${currency}`;
		if (known === undefined) {
			found.push({
				kind: 'payment_missing',
				ref: paymentRef,
				orderId: orderId ?? null,
				ours: null,
				theirs,
			});
		} else if (known.captured !== amount || known.currency !== currency) {
			const told = `${known.captured} ${known.currency}`;
			found.push({
				kind: 'payment_differs',
				ref: paymentRef,
				orderId: known.orderId,
				ours: told,
				theirs,
			});
		}
	}
	const refs = new Set(
		listed.filter(({ succeeded }) => succeeded).map(({ paymentRef }) => paymentRef),
	);
	for (const { paymentRef, orderId, captured, currency, inWindow } of ours) {
		if (!inWindow || refs.has(paymentRef)) continue;
		found.push({
			kind: 'payment_unknown_to_gateway',
			ref: paymentRef,
			orderId,
			ours: `${captured} ${currency}`,
			theirs: null,
		});
	}
	return found;
}

/** @param ofOurs  payments that are ours: refunds of others are none of our business */
export function compareRefunds(
	listed: readonly ListedRefund[],
	ours: readonly OurRefund[],
	ofOurs: ReadonlySet<string>,
): Found[] {
	const byRef = new Map(ours.map((refund) => [refund.refundRef, refund]));
	return listed.flatMap(({ refundRef, paymentRef, amount, status }): Found[] => {
		const known = byRef.get(refundRef);
		const theirs = `${amount} ${status}`;
		if (known === undefined) {
			if (paymentRef === undefined || !ofOurs.has(paymentRef)) return [];
			return [{ kind: 'refund_missing', ref: refundRef, orderId: null, ours: null, theirs }];
		}
		const told = `${known.amount} ${known.status}`;
		if (told === theirs) return [];
		return [{ kind: 'refund_differs', ref: refundRef, orderId: known.orderId, ours: told, theirs }];
	});
}
