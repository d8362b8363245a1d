import type { Customer } from '../billing/customers.ts';
import type { Invoice } from '../billing/invoice.ts';
import { periodOf, type Subscription } from '../billing/subscription.ts';
import type { PortalSession } from '../billing/portal.ts';
import type { Charge } from '../payments/charge.ts';
import type { PaymentMethod } from '../payments/methods.ts';
import { day, html, money, type Html } from './html.ts';

export interface PortalView {
	portal: PortalSession;
	customer: Customer;
	subscriptions: { subscription: Subscription; title: string; method: PaymentMethod | undefined }[];
	invoices: Invoice[];
	error?: string | undefined;
	done?: string | undefined;
}

/** What a customer may do alone: look, cancel, keep, change the card. */
export function portalPage({
	portal,
	customer,
	subscriptions,
	invoices,
	error,
	done,
}: PortalView): Html {
	return html`<main class="page">
		${portal.return_url === null ? null : html`<p class="no-print"><a href="${portal.return_url}">← Back to the shop</a></p>`}
		<h1>Your subscriptions</h1>
		<p class="fine">${customer.email ?? customer.id}</p>
		<br />
		${error === undefined ? null : html`<p class="alert" role="alert">${error}</p>`}
		${done === undefined ? null : html`<p class="panel" role="status">${done}</p>`}
		${subscriptions.length === 0 ? html`<section class="panel"><p>There are none.</p></section>` : null}
		${subscriptions.map((one) => subscriptionPanel(portal.id, one))}
		<section class="panel">
			<h1>Invoices</h1>
			${invoices.map(
				(invoice) =>
					html`<p class="row">
						<a href="${invoice.hosted_invoice_url}">${invoice.number}</a>
						<span>${day(invoice.created)}</span
						><span>${money(invoice.total, invoice.currency)}</span>
						<span class="state ${invoice.status}">${invoice.status}</span>
					</p>`,
			)}
		</section>
	</main>`;
}

function subscriptionPanel(
	portal: string,
	{ subscription, title, method }: PortalView['subscriptions'][number],
): Html {
	const { id, status, cancel_at_period_end: ends, items, currency } = subscription;
	const amount = items.data.reduce(
		(sum, { price, quantity }) => sum + price.unit_amount * quantity,
		0,
	);
	const recurring = items.data[0]?.price.recurring;
	const over = status === 'canceled' || status === 'incomplete_expired';
	const { end } = periodOf(subscription);
	return html`<section class="panel">
		<h1>${title}</h1>
		<p class="row">
			<span>Price</span><span>${money(amount, currency)} per ${recurring?.interval}</span>
		</p>
		<p class="row">
			<span>Status</span><span class="state ${status}">${status.replace('_', ' ')}</span>
		</p>
		${over ? null : html`<p class="row"><span>${ends ? 'Ends on' : status === 'trialing' ? 'First payment on' : 'Renews on'}</span><span>${day(end)}</span></p>`}
		<p class="row">
			<span>Card</span
			><span
				>${method?.type === 'card' ? `${method.card.brand} ending in ${method.card.last4}` : 'none'}</span
			>
		</p>
		${
			over
				? null
				: html`<form method="post" action="/portal/${portal}">
						<input type="hidden" name="subscription" value="${id}" />
						<label for="number-${id}">New card number</label>
						<input
							id="number-${id}"
							name="number"
							inputmode="numeric"
							maxlength="23"
							value="4242 4242 4242 4242"
						/>
						<button name="action" value="card">Change card</button>
						<button class="quiet" name="action" value="${ends ? 'keep' : 'cancel'}">
							${ends ? 'Keep the subscription' : `Cancel at the end of the period`}
						</button>
					</form>`
		}
	</section>`;
}

/** The hosted invoice, made to be printed too. */
export function invoicePage(invoice: Invoice): Html {
	return html`<main class="page">
		<section class="panel">
			<h1>Invoice ${invoice.number}</h1>
			<p>${invoice.account_name}</p>
			<p class="row">
				<span>Billed to</span
				><span>${invoice.customer_name ?? ''} ${invoice.customer_email ?? ''}</span>
			</p>
			<p class="row"><span>Date</span><span>${day(invoice.created)}</span></p>
			<p class="row">
				<span>Status</span><span class="state ${invoice.status}">${invoice.status}</span>
			</p>
			<table>
				<thead>
					<tr>
						<th>Description</th>
						<th>Amount</th>
					</tr>
				</thead>
				<tbody>
					${invoice.lines.data.map(
						(line) =>
							html`<tr>
								<td>
									${line.description}<br /><small
										>${day(line.period.start)} to ${day(line.period.end)}</small
									>
								</td>
								<td>${money(line.amount, line.currency)}</td>
							</tr>`,
					)}
					${invoice.total_discount_amounts.map(
						({ amount }) =>
							html`<tr>
								<td>Discount</td>
								<td>−${money(amount, invoice.currency)}</td>
							</tr>`,
					)}
					<tr>
						<td><strong>Total</strong></td>
						<td><strong>${money(invoice.total, invoice.currency)}</strong></td>
					</tr>
					<tr>
						<td>Paid</td>
						<td>${money(invoice.amount_paid, invoice.currency)}</td>
					</tr>
				</tbody>
			</table>
			${invoice.status === 'open' ? html`<form class="no-print" method="post" action="/invoices/${invoice.id}"><label for="number">Card number</label><input id="number" name="number" value="4242 4242 4242 4242" /><button>Pay ${money(invoice.amount_remaining, invoice.currency)}</button></form>` : null}
		</section>
	</main>`;
}

/** What was paid for a charge, to print. */
export function receiptPage(charge: Charge, storeName: string): Html {
	return html`<main class="page">
		<section class="panel">
			<h1>Receipt from ${storeName}</h1>
			<p class="row">
				<span>Amount</span><strong>${money(charge.amount_captured, charge.currency)}</strong>
			</p>
			<p class="row"><span>Date</span><span>${day(charge.created)}</span></p>
			<p class="row"><span>For</span><span>${charge.description ?? charge.payment_intent}</span></p>
			${charge.amount_refunded > 0 ? html`<p class="row"><span>Refunded</span><span>${money(charge.amount_refunded, charge.currency)}</span></p>` : null}
		</section>
	</main>`;
}
