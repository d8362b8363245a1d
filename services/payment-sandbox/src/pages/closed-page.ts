import type { FastifyReply } from 'fastify';
import { successUrl } from '../checkout/pay.ts';
import type { CheckoutSession } from '../checkout/session.ts';
import type { PaymentIntent } from '../payments/intent.ts';
import { sendPage } from './layout.ts';
import { notice } from './pay-page.ts';

/** Why a session cannot be paid: unknown, paid, in the hands of a bank, or expired. */
export function closed(
	reply: FastifyReply,
	session: CheckoutSession | undefined,
	intent?: PaymentIntent,
): FastifyReply {
	if (session === undefined) {
		return sendPage(reply, {
			title: 'Not found',
			status: 404,
			body: notice(
				'There is no such payment',
				'The link is wrong, or it belongs to another sandbox.',
			),
		});
	}
	if (session.status === 'complete') {
		const back = { url: successUrl(session), label: 'Back to the shop' };
		if (intent?.status === 'processing') {
			const text = 'You have done your part; your bank has yet to pay. The shop will hear of it.';
			return sendPage(reply, {
				title: 'Under way',
				body: notice('Your payment is under way', text, back),
			});
		}
		if (intent?.status === 'requires_payment_method') {
			const text = 'Nothing was charged. Go back to the shop to pay in another way.';
			return sendPage(reply, {
				title: 'Not paid',
				body: notice('Your bank did not pay', text, back),
			});
		}
		return sendPage(reply, {
			title: 'Paid',
			body: notice('This is paid already', 'You do not need to pay again.', back),
		});
	}
	return sendPage(reply, {
		title: 'Expired',
		status: 410,
		body: notice('This payment link has expired', 'Start again in the shop; nothing was charged.', {
			url: session.cancel_url ?? '/',
			label: 'Back to the shop',
		}),
	});
}
