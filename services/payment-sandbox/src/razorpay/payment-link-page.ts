import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { field } from '../pages/form.ts';
import { html, money } from '../pages/html.ts';
import { sendPage } from '../pages/layout.ts';
import { notice } from '../pages/pay-page.ts';
import { cardOfNumber } from '../payments/cards.ts';
import type { Sandbox } from '../sandbox.ts';
import type { LinkEntity, RazorpayLink } from './objects.ts';
import { alive } from './payment-link.ts';
import { payLink } from './payment.ts';

/** `/razorpay/pay/{id}`, the link's `short_url`: takes a test card and leads back to the shop. */
export function paymentLinkPage(app: FastifyInstance, sandbox: Sandbox): void {
	const { state, config } = sandbox;
	const show = (reply: FastifyReply, { entity }: RazorpayLink, error?: string) =>
		sendPage(reply, {
			title: `Pay ${config.STORE_NAME}`,
			status: error === undefined ? 200 : 402,
			goesTo: [entity.callback_url],
			body: html`<main class="page">
				<section class="panel">
					<h1>${config.STORE_NAME}</h1>
					<p>${entity.description}</p>
					<p class="amount">${money(entity.amount, entity.currency)}</p>
					${error === undefined ? null : html`<p class="alert" role="alert">${error}</p>`}
					<form method="post" action="/razorpay/pay/${entity.id}">
						<label for="number">Card number</label
						><input
							id="number"
							name="number"
							inputmode="numeric"
							required
							value="4242 4242 4242 4242"
						/>
						<button>Pay ${money(entity.amount, entity.currency)}</button>
					</form>
					<p class="fine">
						4000 0000 0000 0002 is declined. This is the sandbox's stand-in for Razorpay; nothing is
						charged.
					</p>
				</section>
			</main>`,
		});
	app.get<{ Params: { id: string } }>('/razorpay/pay/:id', (request, reply) => {
		const link = state.get('razorpay.link', request.params.id);
		if (link === undefined || alive(sandbox, link).entity.status !== 'created') return over(reply);
		return show(reply, link);
	});
	app.post<{ Params: { id: string } }>('/razorpay/pay/:id', (request, reply) => {
		const link = state.get('razorpay.link', request.params.id);
		if (link === undefined || alive(sandbox, link).entity.status !== 'created') return over(reply);
		const card = cardOfNumber(field(request.body, 'number'));
		if (card === undefined) return show(reply, link, 'That is not a test card.');
		const payment = state.atomically(() =>
			payLink(sandbox, link, { succeeds: card.decline === undefined }),
		);
		if (payment.status === 'failed')
			return show(reply, link, 'Your payment was declined by the bank.');
		const { callback_url: back } = link.entity;
		if (back === '') return sendPage(reply, { title: 'Paid', body: notice('Paid', 'Thank you.') });
		return reply.redirect(callbackUrl(sandbox, link.entity, payment.id), 303);
	});
}

function over(reply: FastifyReply): FastifyReply {
	return sendPage(reply, {
		title: 'Closed',
		status: 410,
		body: notice('This payment link is closed', 'It was paid, cancelled, or has expired.'),
	});
}

/** Where the buyer goes back to, signed so that the shop can believe it. */
function callbackUrl({ config }: Sandbox, link: LinkEntity, payment: string): string {
	const signature = createHmac('sha256', config.RAZORPAY_KEY_SECRET ?? '')
		.update(`${link.id}|${link.reference_id}|paid|${payment}`)
		.digest('hex');
	const url = new URL(link.callback_url);
	url.searchParams.set('razorpay_payment_id', payment);
	url.searchParams.set('razorpay_payment_link_id', link.id);
	url.searchParams.set('razorpay_payment_link_reference_id', link.reference_id);
	url.searchParams.set('razorpay_payment_link_status', 'paid');
	url.searchParams.set('razorpay_signature', signature);
	return url.toString();
}
