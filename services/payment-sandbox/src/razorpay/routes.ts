import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { money } from '../pages/html.ts';
import { html } from '../pages/html.ts';
import { sendPage } from '../pages/layout.ts';
import { notice } from '../pages/pay-page.ts';
import { field } from '../pages/routes.ts';
import { cardOfNumber } from '../payments/cards.ts';
import { nowOf, type Sandbox } from '../sandbox.ts';
import { enqueue, RAZORPAY_ENDPOINT } from '../webhooks/sender.ts';
import type {
	LinkEntity,
	PaymentEntity,
	RazorpayLink,
	RazorpayPayment,
	RefundEntity,
} from './objects.ts';

/** Razorpay's ids: a prefix and 14 letters and digits. */
function razorpayId(prefix: string): string {
	return `${prefix}_${randomBytes(20)
		.toString('base64')
		.replace(/[^A-Za-z0-9]/g, '')
		.slice(0, 14)
		.padEnd(14, '0')}`;
}

/** Razorpay's error body. */
class RazorpayError extends Error {
	override readonly name = 'RazorpayError';
	readonly status: number;
	readonly field: string | null;

	constructor(status: number, description: string, fieldName: string | null = null) {
		super(description);
		this.status = status;
		this.field = fieldName;
	}
}

const notes = z.record(z.string(), z.union([z.string(), z.number()]).transform(String));
const newLink = z.strictObject({
	amount: z.int().min(100),
	currency: z.string().length(3).default('INR'),
	accept_partial: z.literal(false).optional(),
	description: z.string().max(2048).default(''),
	reference_id: z.string().max(40).default(''),
	customer: z
		.strictObject({
			name: z.string().optional(),
			email: z.string().optional(),
			contact: z.string().optional(),
		})
		.default({}),
	notify: z
		.strictObject({ email: z.boolean().default(false), sms: z.boolean().default(false) })
		.optional(),
	reminder_enable: z.boolean().default(false),
	notes: notes.optional(),
	callback_url: z.url().optional(),
	callback_method: z.literal('get').optional(),
	expire_by: z.int().default(0),
});
const newRefund = z.strictObject({
	amount: z.int().min(1).optional(),
	speed: z.enum(['normal', 'optimum']).optional(),
	notes: notes.optional(),
	receipt: z.string().max(40).optional(),
});
const range = z.object({
	from: z.coerce.number().int().optional(),
	to: z.coerce.number().int().optional(),
	count: z.coerce.number().int().min(1).max(100).default(10),
	skip: z.coerce.number().int().min(0).default(0),
});

/** A small Razorpay beside Stripe: payment links, payments, refunds and its webhook. */
export function razorpayRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	app.setErrorHandler((error, request, reply) => {
		const told =
			error instanceof RazorpayError
				? error
				: error instanceof z.ZodError
					? new RazorpayError(
							400,
							z.prettifyError(error),
							String(error.issues[0]?.path.join('.') ?? ''),
						)
					: undefined;
		if (told === undefined) {
			request.log.error({ err: error }, 'a Razorpay request failed');
		}
		return reply.code(told?.status ?? 500).send({
			error: {
				code: told === undefined ? 'SERVER_ERROR' : 'BAD_REQUEST_ERROR',
				description: told?.message ?? 'The payment sandbox failed; its log says more.',
				source: 'business',
				step: 'payment_initiation',
				reason: 'input_validation_failed',
				metadata: {},
				...(told?.field == null ? {} : { field: told.field }),
			},
		});
	});
	app.addHook('onRequest', async (request) => {
		if (request.url.startsWith('/razorpay/v1/')) checkKey(sandbox, request);
	});
	linkRoutes(app, sandbox);
	paymentRoutes(app, sandbox);
	linkPage(app, sandbox);
}

function checkKey({ config }: Sandbox, request: FastifyRequest): void {
	const [, encoded = ''] = (request.headers.authorization ?? '').split(' ');
	const given = Buffer.from(encoded, 'base64').toString();
	if (
		config.RAZORPAY_KEY_ID === undefined ||
		given !== `${config.RAZORPAY_KEY_ID}:${config.RAZORPAY_KEY_SECRET ?? ''}`
	) {
		throw new RazorpayError(401, 'Authentication failed');
	}
}

function linkRoutes(app: FastifyInstance, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/razorpay/v1/payment_links';
	app.post(base, (request) => {
		const given = newLink.parse(request.body);
		const now = nowOf(sandbox);
		if (given.expire_by !== 0 && given.expire_by < now + 15 * 60) {
			throw new RazorpayError(400, 'timestamp must be atleast 15 minutes in future', 'expire_by');
		}
		const known =
			given.reference_id === ''
				? undefined
				: state.list('razorpay.link', { limit: 1 }, { 'entity.reference_id': given.reference_id })
						.data[0];
		if (known !== undefined) {
			throw new RazorpayError(
				400,
				`payment link with given reference_id (${given.reference_id}) already exists`,
				'reference_id',
			);
		}
		const id = razorpayId('plink');
		const entity: LinkEntity = {
			id,
			accept_partial: false,
			amount: given.amount,
			amount_paid: 0,
			callback_method: given.callback_method ?? '',
			callback_url: given.callback_url ?? '',
			cancelled_at: 0,
			created_at: now,
			currency: given.currency,
			customer: given.customer,
			description: given.description,
			expire_by: given.expire_by,
			expired_at: 0,
			notes: given.notes ?? null,
			notify: given.notify ?? { email: false, sms: false },
			order_id: razorpayId('order'),
			payments: [],
			reference_id: given.reference_id,
			reminder_enable: given.reminder_enable,
			short_url: `${sandbox.config.PUBLIC_URL}/razorpay/pay/${id}`,
			status: 'created',
			updated_at: now,
			user_id: '',
		};
		state.put({ id, object: 'razorpay.link', created: now, entity });
		return entity;
	});
	app.get<{ Querystring: { reference_id?: string } }>(base, (request) => ({
		payment_links: state
			.list('razorpay.link', { limit: 100 }, { 'entity.reference_id': request.query.reference_id })
			.data.map((link) => alive(sandbox, link).entity),
	}));
	app.get<{ Params: { id: string } }>(
		`${base}/:id`,
		(request) => linkOf(sandbox, request.params.id).entity,
	);
	app.post<{ Params: { id: string } }>(`${base}/:id/cancel`, (request) => {
		const link = linkOf(sandbox, request.params.id);
		if (link.entity.status !== 'created') {
			throw new RazorpayError(
				400,
				`Payment Link cannot be cancelled as it is ${link.entity.status}`,
			);
		}
		return changeLink(
			sandbox,
			link,
			{ status: 'cancelled', cancelled_at: nowOf(sandbox) },
			'payment_link.cancelled',
		).entity;
	});
}

function linkOf(sandbox: Sandbox, id: string): RazorpayLink {
	const link = sandbox.state.get('razorpay.link', id);
	if (link === undefined) throw new RazorpayError(400, 'The id provided does not exist');
	return alive(sandbox, link);
}

/** A link past its time is expired when somebody looks. */
function alive(sandbox: Sandbox, link: RazorpayLink): RazorpayLink {
	const { status, expire_by: by } = link.entity;
	if (status !== 'created' || by === 0 || by > nowOf(sandbox)) return link;
	return changeLink(sandbox, link, { status: 'expired', expired_at: by }, 'payment_link.expired');
}

function changeLink(
	sandbox: Sandbox,
	link: RazorpayLink,
	change: Partial<LinkEntity>,
	event: string,
): RazorpayLink {
	const after = { ...link, entity: { ...link.entity, ...change, updated_at: nowOf(sandbox) } };
	sandbox.state.put(after);
	tell(sandbox, event, { payment_link: after.entity });
	return after;
}

/** Queues a webhook: signed with HMAC-SHA256 of the body by the sender. */
function tell(sandbox: Sandbox, event: string, payload: Record<string, unknown>): void {
	if (sandbox.config.RAZORPAY_WEBHOOK_URL === undefined) return;
	const body = JSON.stringify({
		entity: 'event',
		account_id: 'acc_sandbox0000000',
		event,
		contains: Object.keys(payload),
		payload: Object.fromEntries(
			Object.entries(payload).map(([name, entity]) => [name, { entity }]),
		),
		created_at: nowOf(sandbox),
	});
	enqueue(sandbox, { event: razorpayId('evt'), endpoint: RAZORPAY_ENDPOINT, body, type: event });
	sandbox.wake();
}

function paymentRoutes(app: FastifyInstance, sandbox: Sandbox): void {
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
			const entity = refund(
				sandbox,
				paymentOf(sandbox, request.params.id),
				newRefund.parse(request.body ?? {}),
			);
			if (remembered !== undefined) state.set(remembered, entity);
			return entity;
		});
	});
}

function paymentOf({ state }: Sandbox, id: string): RazorpayPayment {
	const payment = state.get('razorpay.payment', id);
	if (payment === undefined) throw new RazorpayError(400, 'The id provided does not exist');
	return payment;
}

function refund(
	sandbox: Sandbox,
	payment: RazorpayPayment,
	given: z.output<typeof newRefund>,
): RefundEntity {
	const { entity } = payment;
	const left = entity.amount - entity.amount_refunded;
	const amount = given.amount ?? left;
	if (entity.status === 'failed')
		throw new RazorpayError(400, 'The payment must be captured to be refunded.');
	if (left === 0) throw new RazorpayError(400, 'The payment has been fully refunded already');
	if (amount > left) {
		throw new RazorpayError(
			400,
			'The total refund amount is greater than the refund payment amount',
			'amount',
		);
	}
	const now = nowOf(sandbox);
	const made: RefundEntity = {
		id: razorpayId('rfnd'),
		entity: 'refund',
		acquirer_data: { arn: null },
		amount,
		batch_id: null,
		created_at: now,
		currency: entity.currency,
		notes: given.notes ?? {},
		payment_id: entity.id,
		receipt: given.receipt ?? null,
		speed_processed: 'normal',
		speed_requested: 'normal',
		status: 'processed',
	};
	const refunded = entity.amount_refunded + amount;
	const after: PaymentEntity = {
		...entity,
		amount_refunded: refunded,
		refund_status: refunded === entity.amount ? 'full' : 'partial',
		status: refunded === entity.amount ? 'refunded' : 'captured',
	};
	sandbox.state.put({
		id: made.id,
		object: 'razorpay.refund',
		created: now,
		source: entity.id,
		entity: made,
	});
	sandbox.state.put({ ...payment, entity: after });
	tell(sandbox, 'refund.created', { refund: made, payment: after });
	tell(sandbox, 'refund.processed', { refund: made, payment: after });
	return made;
}

function linkPage(app: FastifyInstance, sandbox: Sandbox): void {
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
		const payment = state.atomically(() => pay(sandbox, link, card.decline === undefined));
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

function pay(sandbox: Sandbox, link: RazorpayLink, succeeds: boolean): PaymentEntity {
	const { entity: linked } = link;
	const now = nowOf(sandbox);
	const fee = Math.round(linked.amount * 0.02);
	const payment: PaymentEntity = {
		id: razorpayId('pay'),
		entity: 'payment',
		amount: linked.amount,
		amount_refunded: 0,
		bank: null,
		captured: succeeds,
		card_id: razorpayId('card'),
		contact: linked.customer.contact ?? null,
		created_at: now,
		currency: linked.currency,
		description: linked.description,
		email: linked.customer.email ?? null,
		error_code: succeeds ? null : 'BAD_REQUEST_ERROR',
		error_description: succeeds ? null : 'Your payment was declined by the bank.',
		error_reason: succeeds ? null : 'payment_failed',
		error_source: succeeds ? null : 'bank',
		error_step: succeeds ? null : 'payment_authorization',
		fee: succeeds ? fee + Math.round(fee * 0.18) : null,
		international: false,
		invoice_id: null,
		method: 'card',
		notes: linked.notes,
		order_id: linked.order_id,
		refund_status: null,
		status: succeeds ? 'captured' : 'failed',
		tax: succeeds ? Math.round(fee * 0.18) : null,
		vpa: null,
		wallet: null,
	};
	sandbox.state.put({
		id: payment.id,
		object: 'razorpay.payment',
		created: now,
		source: linked.id,
		entity: payment,
	});
	if (!succeeds) {
		tell(sandbox, 'payment.failed', { payment });
		return payment;
	}
	const paid: LinkEntity = {
		...linked,
		amount_paid: linked.amount,
		payments: [
			{
				amount: linked.amount,
				created_at: now,
				method: 'card',
				payment_id: payment.id,
				status: 'captured',
			},
		],
		status: 'paid',
		updated_at: now,
	};
	sandbox.state.put({ ...link, entity: paid });
	tell(sandbox, 'payment.captured', { payment });
	tell(sandbox, 'payment_link.paid', { payment_link: paid, payment });
	return payment;
}

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
