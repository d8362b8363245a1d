import type { FastifyInstance, FastifyReply } from 'fastify';
import { paySession, successUrl } from '../checkout/pay.ts';
import { planOf } from '../checkout/plan.ts';
import type { CheckoutSession } from '../checkout/session.ts';
import { cardOfNumber } from '../payments/cards.ts';
import type { Sandbox } from '../sandbox.ts';
import { closed } from './closed-page.ts';
import { field } from './form.ts';
import { money } from './html.ts';
import { sendPage } from './layout.ts';
import { authenticationPage, payPage } from './pay-page.ts';

type IdRoute = { Params: { id: string }; Querystring: { card?: string } };

/** What the buyer had entered when the bank asked. */
interface Pending {
	number: string;
	email: string;
	name: string;
}

/** `/pay/{session}` and its bank's question. */
export function payRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	const { state, config } = sandbox;
	const show = (
		reply: FastifyReply,
		session: CheckoutSession,
		filled: Partial<Pending> & { error?: string },
	) => {
		const customer =
			session.customer === null ? undefined : state.get('customer', session.customer);
		const email = filled.email ?? session.customer_email ?? customer?.email ?? '';
		return sendPage(reply, {
			title: `Pay ${config.STORE_NAME}`,
			status: filled.error === undefined ? 200 : 402,
			goesTo: [session.success_url, session.cancel_url],
			body: payPage({
				session,
				plan: planOf(sandbox, session),
				storeName: config.STORE_NAME,
				number: filled.number ?? '4242424242424242',
				email,
				name: filled.name ?? customer?.name ?? '',
				error: filled.error,
			}),
		});
	};

	app.get<IdRoute>('/pay/:id', (request, reply) => {
		const session = state.get('checkout.session', request.params.id);
		if (session?.status === 'open') {
			const { card } = request.query;
			return show(reply, session, card === undefined ? {} : { number: card.slice(0, 23) });
		}
		return closed(reply, session);
	});

	app.post<IdRoute>('/pay/:id', (request, reply) => {
		const session = state.get('checkout.session', request.params.id);
		if (session?.status !== 'open') return closed(reply, session);
		if (field(request.body, 'action') === 'cancel') {
			return reply.redirect(session.cancel_url ?? '/', 303);
		}
		const typed: Pending = {
			number: field(request.body, 'number'),
			email: field(request.body, 'email'),
			name: field(request.body, 'name'),
		};
		const card = cardOfNumber(typed.number);
		if (card === undefined) {
			const error =
				'That is not a test card. Choose one from the list; a real card must not be typed in here.';
			return show(reply, session, { ...typed, number: '4242424242424242', error });
		}
		const result = state.atomically(() =>
			paySession(sandbox, session, { card, email: typed.email || null, name: typed.name || null }),
		);
		sandbox.wake();
		switch (result.outcome) {
			case 'paid':
				return reply.redirect(successUrl(result.session), 303);
			case 'declined':
				return show(reply, session, { ...typed, error: result.message });
			case 'authenticate':
				state.set(`pending:${session.id}`, typed);
				return reply.redirect(`/pay/${session.id}/authenticate`, 303);
		}
	});

	app.get<IdRoute>('/pay/:id/authenticate', (request, reply) => {
		const session = state.get('checkout.session', request.params.id);
		if (session?.status !== 'open') return closed(reply, session);
		return sendPage(reply, {
			title: 'Confirm with your bank',
			goesTo: [session.success_url, session.cancel_url],
			body: authenticationPage({
				action: `/pay/${session.id}/authenticate`,
				amount: money(session.amount_total, session.currency),
				storeName: config.STORE_NAME,
			}),
		});
	});

	app.post<IdRoute>('/pay/:id/authenticate', (request, reply) => {
		const session = state.get('checkout.session', request.params.id);
		const pending = state.setting<Pending | null>(`pending:${request.params.id}`, null);
		if (session?.status !== 'open') return closed(reply, session);
		const card = cardOfNumber(pending?.number ?? '');
		if (pending === null || card === undefined) return reply.redirect(`/pay/${session.id}`, 303);
		const authentication = field(request.body, 'answer') === 'passed' ? 'passed' : 'failed';
		const result = state.atomically(() =>
			paySession(sandbox, session, {
				...{ card, authentication },
				email: pending.email || null,
				name: pending.name || null,
			}),
		);
		sandbox.wake();
		if (result.outcome === 'paid') return reply.redirect(successUrl(result.session), 303);
		const error = result.outcome === 'declined' ? result.message : 'The bank is still asking.';
		return show(reply, session, { ...pending, error });
	});
}
