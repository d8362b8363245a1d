import { nowOf, save, type Sandbox } from '../sandbox.ts';
import type { PaymentIntent } from './intent.ts';
import { unexpected } from './intent-errors.ts';

/** Ends an intent that has not been paid, and lets go what was held; 400 when it is over already. */
export function cancelIntent(
	sandbox: Sandbox,
	intent: PaymentIntent,
	reason: string | null = null,
): PaymentIntent {
	// What a bank is working on can't be called back.
	if (['succeeded', 'canceled', 'processing'].includes(intent.status)) {
		throw unexpected(intent, 'canceled');
	}
	const after: PaymentIntent = {
		...intent,
		amount_capturable: 0,
		canceled_at: nowOf(sandbox),
		cancellation_reason: reason,
		next_action: null,
		status: 'canceled',
	};
	save(sandbox, after, 'payment_intent.canceled');
	return after;
}
