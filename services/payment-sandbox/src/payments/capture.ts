import { save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import { bookCharge, type Charge } from './charge.ts';
import type { PaymentIntent } from './intent.ts';
import { unexpected } from './intent-errors.ts';

/** Takes money that a manual capture has held; the rest of it is let go. 400 for more than is held. */
export function captureIntent(
	sandbox: Sandbox,
	intent: PaymentIntent,
	amount = intent.amount_capturable,
): PaymentIntent {
	if (intent.status !== 'requires_capture') throw unexpected(intent, 'captured');
	if (amount > intent.amount_capturable || amount <= 0) {
		throw refused(`The amount to capture must be between 1 and ${intent.amount_capturable}.`, {
			code: 'amount_too_large',
			param: 'amount_to_capture',
		});
	}
	const held = sandbox.state.require('charge', intent.latest_charge ?? '');
	const charge: Charge = { ...held, captured: true, amount_captured: amount };
	bookCharge(sandbox, charge, null);
	save(sandbox, charge, 'charge.captured');
	const after: PaymentIntent = {
		...intent,
		amount_capturable: 0,
		amount_received: amount,
		status: 'succeeded',
	};
	save(sandbox, after, 'payment_intent.succeeded');
	return after;
}
