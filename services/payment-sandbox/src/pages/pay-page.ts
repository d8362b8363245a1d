import type { SessionPlan } from '../checkout/plan.ts';
import type { CheckoutSession } from '../checkout/session.ts';
import type { MethodType } from '../payments/method-types.ts';
import { day, html, money, type Html } from './html.ts';
import { methodFields } from './method-fields.ts';

/** What the pay page shows. */
export interface PayView {
	session: CheckoutSession;
	plan: SessionPlan;
	storeName: string;
	method: MethodType;
	/** What the buyer typed before, or the card or account chosen from the list. */
	number: string;
	iban: string;
	email: string;
	name: string;
	error?: string | undefined;
}

const TITLES: Record<MethodType, string> = {
	card: 'Pay by card',
	sepa_debit: 'Pay from a bank account',
};

/** The hosted page of one session: what is bought on the left, how to pay on the right. */
export function payPage(view: PayView): Html {
	const { session, plan } = view;
	const paying = session.amount_total > 0;
	const verb = session.mode === 'subscription' ? (paying ? 'Subscribe' : 'Start trial') : 'Pay';
	const label = paying ? `${verb} ${money(session.amount_total, session.currency)}` : verb;
	return html`<main class="split">
		<section class="summary" aria-label="Order summary">
			<div>
				<p class="shop">
					<span class="mark" aria-hidden="true">${view.storeName.slice(0, 1)}</span
					>${view.storeName}
				</p>
				<p class="what">${headline(session, plan)}</p>
				<p class="amount">${money(session.amount_total, session.currency)}</p>
				${lineList(session, plan)}
			</div>
		</section>
		<section class="payment">
			<div>
				<h1>
					${session.payment_method_types.length > 1 ? 'How do you want to pay?' : TITLES[view.method]}
				</h1>
				${view.error === undefined ? null : html`<p class="alert" role="alert" id="error">${view.error}</p>`}
				<form method="post" action="/pay/${session.id}" autocomplete="off">
					<label class="first" for="email">E-mail</label>
					<input
						id="email"
						name="email"
						type="email"
						required
						maxlength="254"
						value="${view.email}"
						autocomplete="email"
					/>
					${methodFields(view)}
					<label for="name">Full name</label>
					<input
						id="name"
						name="name"
						required
						maxlength="120"
						value="${view.name}"
						autocomplete="name"
					/>
					<button name="action" value="pay">${label}</button>
					${session.cancel_url === null ? null : html`<button class="quiet" name="action" value="cancel" formnovalidate>Cancel and go back</button>`}
				</form>
				<p class="fine">
					This is the payment sandbox of ${view.storeName}, not a real payment page. Only what the
					lists above name is taken, and nothing is charged.
				</p>
			</div>
		</section>
	</main>`;
}

function headline({ mode }: CheckoutSession, plan: SessionPlan): string {
	const [first] = plan.lines;
	if (mode === 'payment')
		return plan.lines.length === 1 ? (first?.description ?? '') : 'Your order';
	return `Subscribe to ${first?.description ?? 'a plan'}`;
}

function lineList(session: CheckoutSession, plan: SessionPlan): Html {
	const every = (recurring: { interval: string; interval_count: number } | null) =>
		recurring === null
			? ''
			: `Billed every ${recurring.interval_count === 1 ? '' : `${recurring.interval_count} `}${recurring.interval}${recurring.interval_count === 1 ? '' : 's'}`;
	const { trial_period_days: days, trial_end: end } = plan.subscription;
	const trial =
		days !== undefined ? `${days} days free` : end !== undefined ? `Free until ${day(end)}` : '';
	const { amount_discount: discount } = session.total_details;
	return html`<ul class="lines">
			${plan.lines.map(
				(line) =>
					html`<li>
						<span>${line.description}</span><span>${money(line.amount_total, line.currency)}</span>
						<small
							>${[
								line.quantity === 1 ? '' : `Quantity ${line.quantity}`,
								every(line.price.recurring),
								trial,
							]
								.filter((part) => part !== '')
								.join(' · ')}</small
						>
					</li>`,
			)}
		</ul>
		<dl class="sum">
			${
				discount > 0
					? html`<dt>Discount</dt>
							<dd>−${money(discount, session.currency)}</dd>`
					: null
			}
			<dt class="total">Total due today</dt>
			<dd class="total">${money(session.amount_total, session.currency)}</dd>
		</dl>`;
}

/** The bank's question: what 3-D Secure is in a browser. */
export function authenticationPage(given: {
	action: string;
	amount: string;
	storeName: string;
}): Html {
	return html`<main class="page">
		<section class="panel">
			<h1>Is this you?</h1>
			<p>
				Your bank wants to be sure before it lets ${given.storeName} charge
				<strong>${given.amount}</strong>.
			</p>
			<p class="fine">
				In the sandbox this page stands for your bank's app or its 3-D Secure page.
			</p>
			<form method="post" action="${given.action}">
				<button name="answer" value="passed">Confirm the payment</button>
				<button class="quiet" name="answer" value="failed">It is not me: refuse</button>
			</form>
		</section>
	</main>`;
}

/** A page with one message and one way on. */
export function notice(title: string, text: string, way?: { url: string; label: string }): Html {
	return html`<main class="page">
		<section class="panel">
			<h1>${title}</h1>
			<p>${text}</p>
			${way === undefined ? null : html`<a class="button" href="${way.url}">${way.label}</a>`}
		</section>
	</main>`;
}
