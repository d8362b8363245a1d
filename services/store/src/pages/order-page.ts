import { type Html, html } from '@autopilot/html';
import type { Asset } from '../assets/schema.ts';
import type { Device } from '../devices/schema.ts';
import type { Invoice } from '../invoices/schema.ts';
import type { License } from '../licenses/schema.ts';
import { formatMoney } from '../money/money.ts';
import type { Order } from '../orders/schema.ts';
import type { TrackedShipment } from '../shipments/schema.ts';
import type { Subscription } from '../subscriptions/schema.ts';
import { UNPAID } from '../orders/states.ts';
import { addressForm } from './address-form.ts';
import { addressLine } from './cart-pages.ts';
import { licensePanel } from './license-panel.ts';
import { advice, headline } from './order-advice.ts';
import { day, message, moment, tokenField } from './shell.ts';
import { timeline } from './timeline.ts';

/** A licence with what its buyer may see of it. */
export interface ShownLicense {
	license: License;
	devices: Device[];
	/** Files that it opens now. */
	assets: Asset[];
	/** Only in the answer to "show my key". */
	key?: string | undefined;
}

export interface OrderView {
	order: Order;
	/** Path of this page, `/orders/{token}`. */
	path: string;
	token: string;
	licenses: ShownLicense[];
	shipments: TrackedShipment[];
	subscriptions: Subscription[];
	invoices: Invoice[];
	error?: string | undefined;
	done?: string | undefined;
	/** The buyer has just come from the pay page, and the gateway's word isn't here yet. */
	isConfirming: boolean;
	/** Of a slow method: the bank has been asked for the money, or has not paid it. */
	bank: 'asked' | 'refused' | undefined;
	/** The page looks again by itself. */
	isLooking: boolean;
}

/** All that a buyer wants to know of an order, and may do about it. */
export function orderPage(view: OrderView): Html {
	const { order, path, token } = view;
	return html`<div class="order">
		<header>
			<p class="soft">Order ${order.number}, ${day(order.createdAt)}</p>
			<h1>${headline(view)}</h1>
			${message('alert', view.error)} ${message('status', view.done)} ${advice(view)}
		</header>
		${UNPAID.includes(order.status) && !view.isConfirming && view.bank !== 'asked' ? addressForm(order, { path, token }) : null}
		${timeline(order)} ${view.licenses.map((license) => licensePanel(license, { path, token }))}
		${view.shipments.map(shipmentPanel)}
		${view.subscriptions.map((one) => subscriptionPanel(one, path))}
		<section class="panel" aria-labelledby="what">
			<h2 id="what">What you ordered</h2>
			${linesTable(order)} ${addresses(order)}
			<p class="actions no-print">
				<a class="button small quiet" href="${path}/receipt"
					>${order.paidAt === null ? 'Order form' : 'Receipt'}</a
				>
				${view.invoices.map(({ url, number }) => (url === null ? null : html`<a class="button small quiet" href="${url}">Invoice ${number}</a>`))}
			</p>
		</section>
		<form class="no-print" method="post" action="${path}/mail">
			${tokenField(token)}
			<button class="small bare">Send me the link to this page by mail</button>
		</form>
	</div>`;
}

/** Lines and sums; also on the receipt. */
export function linesTable(order: Order): Html {
	const { currency } = order;
	const money = (amount: number) => formatMoney({ amount, currency });
	const added = order.tax - order.taxIncluded;
	const sum = (label: string, amount: number) =>
		html`<tr>
			<th scope="row" colspan="2">${label}</th>
			<td>${money(amount)}</td>
		</tr>`;
	return html`<table>
		<thead>
			<tr>
				<th scope="col">Item</th>
				<th scope="col">Quantity</th>
				<th scope="col">Price</th>
			</tr>
		</thead>
		<tbody>
			${order.lines.map(
				(line) =>
					html`<tr>
						<td>${line.title}<small>${line.sku}</small></td>
						<td>${line.quantity}</td>
						<td>${money(line.unitAmount * line.quantity)}</td>
					</tr>`,
			)}
		</tbody>
		<tfoot>
			${order.discount > 0 ? sum(`Coupon ${order.couponCode ?? ''}`, -order.discount) : null}
			${order.shippingOption !== null ? sum(`Shipping, ${order.shippingOption.name}`, order.shipping) : null}
			${added > 0 ? sum('Tax', added) : null}
			<tr class="total">
				<th scope="row" colspan="2">Total</th>
				<td>${money(order.total)}</td>
			</tr>
			${order.taxIncluded > 0 ? sum('Tax in it', order.taxIncluded) : null}
			${order.refunded > 0 ? sum('Refunded', -order.refunded) : null}
		</tfoot>
	</table>`;
}

function addresses({ shippingAddress: to, name, email }: Order): Html {
	return html`<p class="soft">
		${name ?? ''} ${email}${to === null ? null : html`<br />${addressLine(to)}`}
	</p>`;
}

const SHIPMENT: Record<TrackedShipment['status'], string> = {
	created: 'Handed to the carrier',
	in_transit: 'On its way',
	out_for_delivery: 'Out for delivery',
	delivered: 'Delivered',
	failed: 'Could not be delivered',
	returned: 'Returned to us',
};

function shipmentPanel(shipment: TrackedShipment): Html {
	const { carrier, trackingNumber, trackingUrl, status, events, id } = shipment;
	return html`<section class="panel" aria-labelledby="parcel-${id}">
		<h2 id="parcel-${id}">Parcel</h2>
		<p class="facts">
			<b>${SHIPMENT[status]}</b><span>${carrier}</span>
			${trackingUrl === null ? html`<code>${trackingNumber}</code>` : html`<a href="${trackingUrl}" rel="noreferrer"><code>${trackingNumber}</code></a>`}
		</p>
		${
			events.length === 0
				? null
				: html`<ol class="events">
						${events
							.toReversed()
							.map(
								(event) =>
									html`<li>
										<span
											>${event.description ?? SHIPMENT[event.status]}${event.location === null ? '' : `, ${event.location}`}</span
										><time datetime="${event.occurredAt}">${moment(event.occurredAt)}</time>
									</li>`,
							)}
					</ol>`
		}
	</section>`;
}

const SUBSCRIPTION: Record<Subscription['status'], string> = {
	incomplete: 'Waits for its first payment',
	trialing: 'Trial',
	active: 'Active',
	past_due: 'The last payment failed',
	unpaid: 'Unpaid',
	paused: 'Paused',
	cancelled: 'Ended',
};

function subscriptionPanel(subscription: Subscription, path: string): Html {
	const { id, plan, status, currentPeriodEnd, cancelAtPeriodEnd, graceUntil } = subscription;
	const over = status === 'cancelled';
	const next = cancelAtPeriodEnd ? 'Ends' : status === 'trialing' ? 'First payment' : 'Renews';
	return html`<section class="panel" aria-labelledby="plan-${id}">
		<h2 id="plan-${id}">${plan?.name ?? 'Subscription'}</h2>
		<p class="facts">
			<b>${SUBSCRIPTION[status]}</b>
			${over || currentPeriodEnd === null ? null : html`<span>${next} on ${day(currentPeriodEnd)}</span>`}
		</p>
		${graceUntil === null ? null : html`<p class="message alert">Please change your card until ${day(graceUntil)}, so that nothing stops.</p>`}
		${over ? null : html`<p class="actions no-print"><a class="button small quiet" href="${path}/portal">Change card, see invoices, or cancel</a></p>`}
	</section>`;
}

/** Made to be printed. */
export function receiptPage(order: Order, storeName: string, path: string): Html {
	const paid = order.paidAt;
	return html`<div class="narrow receipt">
		<p class="no-print"><a href="${path}">Back to the order</a></p>
		<h1>${paid === null ? 'Order' : 'Receipt'} ${order.number}</h1>
		<p>${storeName}</p>
		<p class="soft">
			Ordered ${day(order.createdAt)}${paid === null ? ', not paid' : `, paid ${day(paid)}`}
		</p>
		${linesTable(order)} ${addresses(order)}
		${order.lines.some(({ taxAmount }) => taxAmount > 0) ? html`<p class="soft">${taxNotes(order)}</p>` : null}
		<p class="no-print soft">Print it with your browser.</p>
	</div>`;
}

function taxNotes(order: Order): string {
	const notes = order.lines
		.filter(({ taxAmount }) => taxAmount > 0)
		.map(({ taxName, taxBasisPoints }) => `${taxName ?? 'Tax'} ${taxBasisPoints / 100} %`);
	return [...new Set(notes)].join(', ');
}
