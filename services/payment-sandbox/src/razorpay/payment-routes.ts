import type { FastifyInstance } from 'fastify';
import type { Sandbox } from '../sandbox.ts';
import { RazorpayError } from './error.ts';
import type { RefundEntity } from './objects.ts';
import { newRefund, range } from './parameters.ts';
import { paymentOf } from './payment.ts';
import { refundPayment } from './refund.ts';

/** `/razorpay/v1/payments` and `/razorpay/v1/refunds`: list, fetch, refund once per idempotency key. */
export function paymentRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/razorpay/v1';
	const page = (kind: 'razorpay.payment' | 'razorpay.refund', query: unknown) => {
		const { from, to, count, skip } = range.parse(query);
		const items = state
			.list(kind, { limit: count + skip, created: { gte: from, lte: to } })
			.data.slice(skip)
			.map(({ entity }) => entity);
		return { entity: 'collection', count: items.length, items };
	};
	app.get(`${base}/payments`, (request) => page('razorpay.payment', request.query));
	app.get(`${base}/refunds`, (request) => page('razorpay.refund', request.query));
	app.get<{ Params: { id: string } }>(
		`${base}/payments/:id`,
		(request) => paymentOf(sandbox, request.params.id).entity,
	);
	app.get<{ Params: { id: string } }>(`${base}/payments/:id/refunds`, (request) => {
		const items = state
			.all('razorpay.refund', { source: request.params.id })
			.map(({ entity }) => entity);
		return { entity: 'collection', count: items.length, items };
	});
	app.get<{ Params: { id: string } }>(`${base}/refunds/:id`, (request) => {
		const refund = state.get('razorpay.refund', request.params.id);
		if (refund === undefined) throw new RazorpayError(400, 'The id provided does not exist');
		return refund.entity;
	});
	app.post<{ Params: { id: string } }>(`${base}/payments/:id/refund`, (request) => {
		const key = request.headers['x-refund-idempotency'] ?? request.headers['idempotency-key'];
		const remembered = typeof key === 'string' ? `razorpay-refund:${key}` : undefined;
		const known =
			remembered === undefined ? null : state.setting<RefundEntity | null>(remembered, null);
		if (known !== null) return known;
		return state.atomically(() => {
			const entity = refundPayment(
				sandbox,
				paymentOf(sandbox, request.params.id),
				newRefund.parse(request.body ?? {}),
			);
			if (remembered !== undefined) state.set(remembered, entity);
			return entity;
		});
	});
}
