import { API_VERSION, newId, nowOf, type Sandbox } from '../sandbox.ts';
import type { StripeObject } from '../state/kinds.ts';
import { enqueue } from './queue.ts';

/** Something that happened, with the object as it then was. */
export interface Event {
	id: string;
	object: 'event';
	api_version: string;
	created: number;
	data: { object: unknown; previous_attributes?: Record<string, unknown> };
	livemode: false;
	pending_webhooks: number;
	request: { id: string | null; idempotency_key: string | null };
	type: string;
}

/** Records what happened and queues it for every endpoint that wants it, in the same transaction. */
export function recordEvent(
	sandbox: Sandbox,
	type: string,
	object: StripeObject,
	previous?: Record<string, unknown>,
): void {
	const endpoints = sandbox.state
		.all('webhook_endpoint')
		.filter(
			({ status, enabled_events: wanted }) =>
				status === 'enabled' && (wanted.includes('*') || wanted.includes(type)),
		);
	const testClock = 'test_clock' in object ? object.test_clock : null;
	const event: Event = {
		id: newId('evt'),
		object: 'event',
		api_version: API_VERSION,
		created: nowOf(sandbox, testClock),
		data: {
			object,
			...(previous === undefined ? {} : { previous_attributes: previous }),
		},
		livemode: false,
		pending_webhooks: endpoints.length,
		request: {
			id: sandbox.cause?.requestId ?? null,
			idempotency_key: sandbox.cause?.idempotencyKey ?? null,
		},
		type,
	};
	sandbox.state.put(event);
	if (endpoints.length === 0) return;
	const body = JSON.stringify(event);
	for (const endpoint of endpoints) {
		enqueue(sandbox, { event: event.id, endpoint: endpoint.id, body, type });
	}
}
