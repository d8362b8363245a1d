import type { FastifyInstance, FastifyReply } from 'fastify';
import { paySession, successUrl } from '../checkout/pay.ts';
import { planOf } from '../checkout/plan.ts';
import type { CheckoutSession } from '../checkout/session.ts';
import { cardOfNumber } from '../payments/cards.ts';
import { debitOfIban } from '../payments/debits.ts';
import type { MethodType } from '../payments/method-types.ts';
import type { Sandbox } from '../sandbox.ts';
import { closed } from './closed-page.ts';
import { field } from './form.ts';
import { money } from './html.ts';
import { sendPage } from './layout.ts';
import { authenticationPage, payPage } from './pay-page.ts';

type IdRoute = { Params: { id: string }; Querystring: { card?: string; iban?: string } };

/** What the buyer had entered when the bank asked; of cards only, no bank asks the holder of an account. */
interface Pending {
	number: string;
	email: string;
	name: string;
}
type Typed = Pending & { method: MethodType; iban: string };

const CARD = '4242424242424242';
const ACCOUNT = 'AT611904300234573201';

const NO_CARD =
	'That is not a test card. Choose one from the list; a real card must not be typed in here.';
const NO_ACCOUNT =
	'That is not a test account. Choose one from the list; a real IBAN must not be typed in here.';

/** `/pay/{session}` and its bank's question. */
export function payRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	const { state, config } = sandbox;
	const intentOf = (session: CheckoutSession | undefined) =>
		session?.payment_intent == null
			? undefined
			: state.get('payment_intent', session.payment_intent);
	const show = (
		reply: FastifyReply,
		session: CheckoutSession,
		filled: Partial<Typed> & { error?: string },
	) => {
		const [first = 'card'] = session.payment_method_types;
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
				method: filled.method ?? first,
				number: filled.number ?? CARD,
				iban: filled.iban ?? ACCOUNT,
				email,
				name: filled.name ?? customer?.name ?? '',
				error: filled.error,
			}),
		});
	};

	app.get<IdRoute>('/pay/:id', (request, reply) => {
		const session = state.get('checkout.session', request.params.id);
		if (session?.status !== 'open') return closed(reply, session, intentOf(session));
		const { card, iban } = request.query;
		if (iban !== undefined && session.payment_method_types.includes('sepa_debit')) {
			return show(reply, session, { method: 'sepa_debit', iban: iban.slice(0, 42) });
		}
		if (card !== undefined && session.payment_method_types.includes('card')) {
			return show(reply, session, { method: 'card', number: card.slice(0, 23) });
		}
		return show(reply, session, {});
	});

	app.post<IdRoute>('/pay/:id', (request, reply) => {
		const session = state.get('checkout.session', request.params.id);
		if (session?.status !== 'open') return closed(reply, session, intentOf(session));
		if (field(request.body, 'action') === 'cancel') {
			return reply.redirect(session.cancel_url ?? '/', 303);
		}
		const chosen = field(request.body, 'method');
		const [first = 'card'] = session.payment_method_types;
		const typed: Typed = {
			method: session.payment_method_types.find((type) => type === chosen) ?? first,
			number: field(request.body, 'number'),
			iban: field(request.body, 'iban'),
			email: field(request.body, 'email'),
			name: field(request.body, 'name'),
		};
		const isCard = typed.method === 'card';
		const means = isCard ? cardOfNumber(typed.number) : debitOfIban(typed.iban);
		if (means === undefined) {
			// Also not shown again: it could be a real one.
			const [error, empty] = isCard ? [NO_CARD, { number: CARD }] : [NO_ACCOUNT, { iban: ACCOUNT }];
			return show(reply, session, { ...typed, ...empty, error });
		}
		const result = state.atomically(() =>
			paySession(sandbox, session, { means, email: typed.email || null, name: typed.name || null }),
		);
		sandbox.wake();
		switch (result.outcome) {
			case 'paid':
			case 'processing':
				return reply.redirect(successUrl(result.session), 303);
			case 'declined':
				return show(reply, session, { ...typed, error: result.message });
			case 'authenticate': {
				const { number, email, name } = typed;
				state.set(`pending:${session.id}`, { number, email, name } satisfies Pending);
				return reply.redirect(`/pay/${session.id}/authenticate`, 303);
			}
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
		const means = cardOfNumber(pending?.number ?? '');
		if (pending === null || means === undefined) return reply.redirect(`/pay/${session.id}`, 303);
		const authentication = field(request.body, 'answer') === 'passed' ? 'passed' : 'failed';
		const result = state.atomically(() =>
			paySession(sandbox, session, {
				...{ means, authentication },
				email: pending.email || null,
				name: pending.name || null,
			}),
		);
		sandbox.wake();
		if ('session' in result) return reply.redirect(successUrl(result.session), 303);
		const error = result.outcome === 'declined' ? result.message : 'The bank is still asking.';
		return show(reply, session, { ...pending, error });
	});
}
