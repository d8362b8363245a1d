import { html, type Html, type Piece } from '@autopilot/html';
import { formatMoney } from '../money/money.ts';
import type { Order } from '../orders/schema.ts';
import { UNPAID } from '../orders/states.ts';
import type { OrderView } from './order-page.ts';
import { message, moment } from './shell.ts';

const HEADLINES: Record<Order['status'], string> = {
	created: 'Not paid yet',
	pending_payment: 'Not paid yet',
	paid: 'Thank you, it is paid',
	fulfilling: 'We are getting it ready',
	shipped: 'It is on its way',
	delivered: 'It has arrived',
	cancelled: 'This order was cancelled',
	expired: 'This order has expired',
	refunded: 'Your money is on its way back',
	partially_refunded: 'Part of your money is on its way back',
	stock_failed: 'It was sold out before your payment came',
};

/** How the order stands, in a few words. */
export function headline({ order, isConfirming, bank }: OrderView): string {
	if (isConfirming) return 'We are confirming your payment';
	if (bank === 'asked' && UNPAID.includes(order.status)) return 'Your bank is sending the money';
	const digital = order.lines.every(({ delivery }) => delivery === 'digital');
	if (order.status === 'delivered' && digital) return 'It is all yours';
	return HEADLINES[order.status];
}

/** What its buyer can do, or need not do. */
export function advice(view: OrderView): Piece {
	const { order, path, isConfirming, bank } = view;
	if (isConfirming)
		return html`<p>This mostly takes a few seconds; the page looks again by itself.</p>`;
	const money = (amount: number) => formatMoney({ amount, currency: order.currency });
	switch (order.status) {
		case 'created':
		case 'pending_payment':
			if (bank === 'asked') return waiting(view);
			return html`${message('alert', bank === 'refused' ? 'Your bank did not pay, so nothing was charged. Please pay again, or in another way.' : undefined)}
				<p>We keep it for you until ${moment(order.expiresAt)}.</p>
				<p class="actions"><a class="button" href="${path}/pay">Pay ${money(order.total)}</a></p>`;
		case 'expired':
		case 'cancelled':
			return html`<p>${moneyOf(view)} <a href="/">Start again</a></p>`;
		case 'stock_failed':
			return html`<p>
				We are sorry. Your payment of ${money(order.captured)} goes back to you by itself; banks
				take some days for it.
			</p>`;
		case 'paid':
			return html`<p>A confirmation goes to ${order.email}.</p>`;
		case 'fulfilling':
		case 'shipped':
		case 'delivered':
		case 'refunded':
		case 'partially_refunded':
			return null;
	}
}

function waiting({ order, isLooking }: OrderView): Html {
	const { total: amount, currency, email } = order;
	return html`<p>
			Your part is done: you need not pay again. Banks take some days to send
			${formatMoney({ amount, currency })}. We keep your order for you until then, and go on with it
			as soon as the money is here; a confirmation goes to ${email}.
		</p>
		<p>
			${isLooking ? 'This page looks again by itself, and you can close it any time.' : null} Should
			your bank not pay, you find it here, and can pay in another way.
		</p>`;
}

function moneyOf({ order, bank }: OrderView): string {
	if (order.captured > order.refunded) return 'What you paid is being refunded.';
	if (order.captured > 0) return 'What you paid was refunded.';
	return bank === 'asked'
		? 'Your bank is still sending the money. When it comes, it goes back to you by itself.'
		: 'Nothing was charged.';
}
