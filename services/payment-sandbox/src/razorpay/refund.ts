import { nowOf, type Sandbox } from '../sandbox.ts';
import { RazorpayError } from './error.ts';
import { razorpayId } from './ids.ts';
import type { PaymentEntity, RazorpayPayment, RefundEntity } from './objects.ts';
import type { NewRefund } from './parameters.ts';
import { tell } from './webhook.ts';

/** Gives back all that is left of a payment, or a part of it; processed at once. 400 when it is more than is left. */
export function refundPayment(
	sandbox: Sandbox,
	payment: RazorpayPayment,
	given: NewRefund,
): RefundEntity {
	const { entity } = payment;
	const left = entity.amount - entity.amount_refunded;
	const amount = given.amount ?? left;
	if (entity.status === 'failed')
		throw new RazorpayError(400, 'The payment must be captured to be refunded.');
	if (left === 0) throw new RazorpayError(400, 'The payment has been fully refunded already');
	if (amount > left) {
		throw new RazorpayError(
			400,
			'The total refund amount is greater than the refund payment amount',
			'amount',
		);
	}
	const now = nowOf(sandbox);
	const made: RefundEntity = {
		id: razorpayId('rfnd'),
		entity: 'refund',
		acquirer_data: { arn: null },
		amount,
		batch_id: null,
		created_at: now,
		currency: entity.currency,
		notes: given.notes ?? {},
		payment_id: entity.id,
		receipt: given.receipt ?? null,
		speed_processed: 'normal',
		speed_requested: 'normal',
		status: 'processed',
	};
	const refunded = entity.amount_refunded + amount;
	const after: PaymentEntity = {
		...entity,
		amount_refunded: refunded,
		refund_status: refunded === entity.amount ? 'full' : 'partial',
		status: refunded === entity.amount ? 'refunded' : 'captured',
	};
	sandbox.state.put({
		id: made.id,
		object: 'razorpay.refund',
		created: now,
		source: entity.id,
		entity: made,
	});
	sandbox.state.put({ ...payment, entity: after });
	tell(sandbox, 'refund.created', { refund: made, payment: after });
	tell(sandbox, 'refund.processed', { refund: made, payment: after });
	return made;
}
