import { nowOf, type Sandbox } from '../sandbox.ts';
import { enqueue, RAZORPAY_ENDPOINT } from '../webhooks/queue.ts';
import { razorpayId } from './ids.ts';

/** Queues a webhook: signed with HMAC-SHA256 of the body by the sender. */
export function tell(sandbox: Sandbox, event: string, payload: Record<string, unknown>): void {
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
