import type { FastifyInstance } from 'fastify';
import { confirmIntent } from '../payments/confirm.ts';
import { methodOf } from '../payments/methods.ts';
import type { Sandbox } from '../sandbox.ts';
import { closed } from './closed-page.ts';
import { field } from './form.ts';
import { money } from './html.ts';
import { sendPage } from './layout.ts';
import { authenticationPage, notice } from './pay-page.ts';

type IdRoute = { Params: { id: string } };

/** For payment intents that a program confirms itself: `next_action.redirect_to_url`. */
export function authenticationRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	const { state, config } = sandbox;
	app.get<IdRoute>('/authenticate/:id', (request, reply) => {
		const intent = state.get('payment_intent', request.params.id);
		if (intent?.status !== 'requires_action') return closed(reply, undefined);
		return sendPage(reply, {
			title: 'Confirm with your bank',
			goesTo: [intent.next_action?.redirect_to_url.return_url ?? null],
			body: authenticationPage({
				action: `/authenticate/${intent.id}`,
				amount: money(intent.amount, intent.currency),
				storeName: config.STORE_NAME,
			}),
		});
	});
	app.post<IdRoute>('/authenticate/:id', (request, reply) => {
		const intent = state.get('payment_intent', request.params.id);
		if (intent?.status !== 'requires_action' || intent.payment_method === null) {
			return closed(reply, undefined);
		}
		const method = methodOf(sandbox, intent.payment_method);
		const authentication = field(request.body, 'answer') === 'passed' ? 'passed' : 'failed';
		const back = intent.next_action?.redirect_to_url.return_url;
		state.atomically(() =>
			confirmIntent(sandbox, intent, method, { onSession: true, authentication }),
		);
		sandbox.wake();
		if (back != null)
			return reply.redirect(
				`${back}${back.includes('?') ? '&' : '?'}payment_intent=${intent.id}`,
				303,
			);
		return sendPage(reply, { title: 'Done', body: notice('Done', 'You may close this page.') });
	});
}
