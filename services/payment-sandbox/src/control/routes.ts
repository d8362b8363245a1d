import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CALM } from '../webhooks/queue.ts';
import type { Sender } from '../webhooks/sender.ts';
import { DUNNING } from '../billing/collect.ts';
import { paySession } from '../checkout/pay.ts';
import { createPayout } from '../money/balance.ts';
import { cardOfNumber, CARDS } from '../payments/cards.ts';
import { debitOfIban, DEBITS } from '../payments/debits.ts';
import { closeDispute, openDispute } from '../payments/disputes.ts';
import { answerDebit, debitPace, debitsUnderWay } from '../payments/slow.ts';
import { nowOf, offsetOf, type Sandbox } from '../sandbox.ts';
import { runDue } from '../state/timers.ts';
import { perform } from '../timetable.ts';
import { StripeError } from '../wire/error.ts';
import { failureSchema, planFailure } from './failures.ts';

const disturbance = z.strictObject({
	copies: z.int().min(0).max(10).default(CALM.copies),
	delayMs: z.int().min(0).max(3_600_000).default(CALM.delayMs),
	jitterMs: z.int().min(0).max(3_600_000).default(CALM.jitterMs),
	dropRate: z.number().min(0).max(1).default(CALM.dropRate),
	dropTypes: z.array(z.string()).default(CALM.dropTypes),
	hold: z.boolean().default(CALM.hold),
});
const release = z.strictObject({
	order: z.enum(['sent', 'reverse', 'shuffle']).default('sent'),
	/** Further copies of each. */
	copies: z.int().min(0).max(10).default(0),
});
const payment = z.strictObject({
	card: z.string().default('4242424242424242'),
	/** Instead of a card. */
	iban: z.string().optional(),
	email: z.string().optional(),
	name: z.string().optional(),
	authentication: z.enum(['passed', 'failed']).optional(),
});
const dunning = z.strictObject({
	retryDays: z.array(z.int().min(1)).max(10).default(DUNNING.retryDays),
	end: z.enum(['canceled', 'unpaid', 'past_due']).default(DUNNING.end),
});
const pace = z
	.strictObject({
		seconds: z.int().min(0).max(2_592_000),
		delayedSeconds: z.int().min(0).max(2_592_000),
		hold: z.boolean(),
	})
	.partial();
const dispute = z.strictObject({
	payment_intent: z.string(),
	reason: z.string().default('fraudulent'),
	amount: z.int().positive().optional(),
});

/** What only a sandbox has: `/_sandbox/...`, JSON, no key, for tests, benches and people. */
export function controlRoutes(app: FastifyInstance, sandbox: Sandbox, sender: Sender): void {
	const { state } = sandbox;
	const change = <Result>(work: () => Result): Result => {
		try {
			return state.atomically(work, (error) => error instanceof StripeError && error.keepsEffects);
		} finally {
			sandbox.wake();
		}
	};
	app.setErrorHandler((error, _request, reply) => {
		if (error instanceof z.ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
		if (error instanceof StripeError)
			return reply.code(error.status).send({ error: error.message });
		return reply.send(error);
	});

	app.get('/_sandbox', () => ({
		cards: CARDS.map(({ number, label }) => ({ number, label })),
		accounts: DEBITS.map(({ iban, label }) => ({ iban, label })),
		now: nowOf(sandbox),
		clockOffsetSeconds: offsetOf(sandbox),
		webhooks: { ...state.setting('webhooks', CALM), ...sender.pending() },
		dunning: state.setting('dunning', DUNNING),
		debits: debitPace(sandbox),
	}));
	app.post<{ Params: { id: string } }>('/_sandbox/sessions/:id/pay', (request, reply) => {
		const { card, iban, ...buyer } = payment.parse(request.body ?? {});
		const means = iban === undefined ? cardOfNumber(card) : debitOfIban(iban);
		if (means === undefined)
			return reply
				.code(400)
				.send({ error: 'That is no test card and no test account; see GET /_sandbox.' });
		return change(() =>
			paySession(sandbox, state.require('checkout.session', request.params.id), {
				means,
				email: buyer.email ?? null,
				name: buyer.name ?? null,
				...(buyer.authentication === undefined ? {} : { authentication: buyer.authentication }),
			}),
		);
	});
	app.put('/_sandbox/webhooks', (request) => {
		const wanted = disturbance.parse(request.body ?? {});
		change(() => state.set('webhooks', wanted));
		return wanted;
	});
	app.post('/_sandbox/webhooks/release', (request) => {
		const { order, copies } = release.parse(request.body ?? {});
		return change(() => releaseHeld(sandbox, order, copies));
	});
	app.get('/_sandbox/webhooks', () => ({
		...sender.pending(),
		attempts: sender.attempts.toReversed(),
	}));
	app.post<{ Params: { id: string } }>('/_sandbox/events/:id/resend', (request) =>
		change(() => {
			const event = state.require('event', request.params.id);
			const body = JSON.stringify(event);
			for (const endpoint of state.all('webhook_endpoint')) {
				state
					.sql(
						'INSERT INTO deliveries (event, endpoint, body, attempt, due) VALUES (?, ?, ?, 0, ?)',
					)
					.run(event.id, endpoint.id, body, Date.now());
			}
			return { resent: event.id };
		}),
	);
	app.post('/_sandbox/clock/advance', (request) => {
		const { seconds } = z.strictObject({ seconds: z.int().min(1) }).parse(request.body ?? {});
		return change(() => {
			const target = nowOf(sandbox) + seconds;
			runDue(
				sandbox,
				{
					testClock: null,
					until: target,
					onEach: (at) =>
						state.set(
							'clock-offset',
							Math.max(offsetOf(sandbox), at - Math.floor(Date.now() / 1000)),
						),
				},
				(action, id) => perform(sandbox, action, id),
			);
			state.set('clock-offset', target - Math.floor(Date.now() / 1000));
			return { now: nowOf(sandbox), offsetSeconds: offsetOf(sandbox) };
		});
	});
	app.put('/_sandbox/debits', (request) => {
		const wanted = { ...debitPace(sandbox), ...pace.parse(request.body ?? {}) };
		change(() => state.set('debits', wanted));
		return wanted;
	});
	app.get('/_sandbox/debits', () => ({ data: debitsUnderWay(sandbox) }));
	app.post<{ Params: { id: string } }>('/_sandbox/debits/:id/answer', (request) => {
		const { answer } = z
			.strictObject({ answer: z.enum(['pays', 'refuses']).optional() })
			.parse(request.body ?? {});
		return change(() =>
			answerDebit(sandbox, state.require('payment_intent', request.params.id), answer),
		);
	});
	app.put('/_sandbox/dunning', (request) => {
		const wanted = dunning.parse(request.body ?? {});
		change(() => state.set('dunning', wanted));
		return wanted;
	});
	app.post('/_sandbox/refunds/next', (request) => {
		const { outcome } = z
			.strictObject({ outcome: z.enum(['pending', 'fails', 'refused']) })
			.parse(request.body ?? {});
		change(() => state.set('next-refund', outcome));
		return { outcome };
	});
	app.post('/_sandbox/disputes', (request) => {
		const given = dispute.parse(request.body ?? {});
		return change(() => {
			const intent = state.require('payment_intent', given.payment_intent, 'payment_intent');
			return openDispute(
				sandbox,
				state.require('charge', intent.latest_charge ?? ''),
				given.reason,
				given.amount,
			);
		});
	});
	app.post<{ Params: { id: string } }>('/_sandbox/disputes/:id/close', (request) => {
		const { status } = z
			.strictObject({ status: z.enum(['won', 'lost']) })
			.parse(request.body ?? {});
		return change(() => closeDispute(sandbox, state.require('dispute', request.params.id), status));
	});
	app.post('/_sandbox/payouts', (request) => {
		const { currency } = z
			.strictObject({ currency: z.string().default('eur') })
			.parse(request.body ?? {});
		return change(() => createPayout(sandbox, { currency }));
	});
	app.post('/_sandbox/failures', (request) => {
		const failure = failureSchema.parse(request.body ?? {});
		planFailure(sandbox, failure);
		return failure;
	});
}

function releaseHeld(
	{ state }: Sandbox,
	order: 'sent' | 'reverse' | 'shuffle',
	copies: number,
): { released: number } {
	for (let copy = 0; copy < copies; copy += 1) {
		state
			.sql(
				'INSERT INTO deliveries (event, endpoint, body, attempt, due, held) SELECT event, endpoint, body, 0, due, 2 FROM deliveries WHERE held = 1 ORDER BY id',
			)
			.run();
	}
	const by = { sent: 'id', reverse: 'id DESC', shuffle: 'random()' }[order];
	const rows = state.sql(`SELECT id FROM deliveries WHERE held > 0 ORDER BY ${by}`).all();
	const from = Date.now() - rows.length;
	const update = state.sql('UPDATE deliveries SET held = 0, due = ? WHERE id = ?');
	for (const [index, row] of rows.entries()) update.run(from + index, row['id'] ?? 0);
	return { released: rows.length };
}
