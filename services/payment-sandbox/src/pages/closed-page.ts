import type { FastifyReply } from 'fastify';
import { successUrl } from '../checkout/pay.ts';
import type { CheckoutSession } from '../checkout/session.ts';
import { sendPage } from './layout.ts';
import { notice } from './pay-page.ts';

/** Why a session cannot be paid: unknown, paid or expired. */
export function closed(reply: FastifyReply, session: CheckoutSession | undefined): FastifyReply {
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
		return sendPage(reply, {
			title: 'Paid',
			body: notice('This is paid already', 'You do not need to pay again.', {
				url: successUrl(session),
				label: 'Back to the shop',
			}),
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
