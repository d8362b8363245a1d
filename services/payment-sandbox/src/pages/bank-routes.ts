import type { FastifyInstance } from 'fastify';
import { debitsUnderWay, settleDebit } from '../payments/slow.ts';
import { nowOf, type Sandbox } from '../sandbox.ts';
import { bankPage } from './bank-page.ts';
import { field } from './form.ts';
import { sendPage } from './layout.ts';

/** `/bank`: what banks are working on, and their answers by a click. */
export function bankRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	const { state } = sandbox;
	app.get('/bank', (_request, reply) => {
		const debits = debitsUnderWay(sandbox).map((debit) => {
			const clock = debit.intent.customer ?? '';
			const testClock = state.get('customer', clock)?.test_clock ?? null;
			return { ...debit, now: nowOf(sandbox, testClock) };
		});
		return sendPage(reply, { title: 'The bank', body: bankPage(debits) });
	});
	app.post<{ Params: { id: string } }>('/bank/:id', (request, reply) => {
		const answer = field(request.body, 'answer') === 'pays' ? 'pays' : 'refuses';
		// One that has its answer by now, of the timer or another click, keeps it.
		state.atomically(() => settleDebit(sandbox, request.params.id, answer));
		sandbox.wake();
		return reply.redirect('/bank', 303);
	});
}
