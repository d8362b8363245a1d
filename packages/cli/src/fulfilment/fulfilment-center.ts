import { setTimeout as delay } from 'node:timers/promises';
import type { RunningStack } from '@autopilot/stack';
import { z } from 'zod';
import { serviceClient } from '../service-client.ts';

const order = z.looseObject({
	id: z.string(),
	number: z.string(),
	status: z.string(),
	paymentStatus: z.string(),
	currency: z.string(),
	total: z.int(),
	orderUrl: z.string(),
	lines: z.array(
		z.looseObject({
			title: z.string(),
			quantity: z.int(),
			delivery: z.string(),
			totalAmount: z.int(),
		}),
	),
	shipments: z.array(
		z.looseObject({
			id: z.string(),
			carrier: z.string(),
			trackingNumber: z.string(),
			status: z.string(),
		}),
	),
});
export type ShownOrder = z.infer<typeof order>;

const POLL_MS = 500;
/** Days in life; long enough here to see each state. */
const STEP_MS = 1500;

export async function readOrderOf(stack: RunningStack, email: string): Promise<ShownOrder> {
	const { url, apiKey } = stack.services.store;
	const found = await serviceClient(url, apiKey).get(
		z.looseObject({ data: z.array(order) }),
		`/api/v1/orders?email=${encodeURIComponent(email)}&limit=1`,
	);
	const [latest] = found.data;
	if (latest === undefined) throw new Error(`There is no order of ${email}.`);
	return latest;
}

/**
 * Plays the people who pack and the carrier who drives: waits until n8n has asked for it, ships, and reports the
 * parcel's way. Whoever follows the flow sees it wake up.
 */
export async function shipOrder(
	stack: RunningStack,
	email: string,
	{ onStep, signal }: { onStep: (text: string) => void; signal: AbortSignal },
): Promise<void> {
	const { url, apiKey } = stack.services.store;
	const store = serviceClient(url, apiKey);
	let current = await readOrderOf(stack, email);
	while (current.status !== 'fulfilling') {
		await delay(POLL_MS, undefined, { signal });
		current = await readOrderOf(stack, email);
	}
	onStep('packed, waits for the carrier');
	await delay(2 * STEP_MS, undefined, { signal });
	const shipment = await store.post(
		z.looseObject({ id: z.string() }),
		`/api/v1/orders/${current.id}/shipments`,
		{ carrier: 'DHL', trackingNumber: `00340${Date.now()}` },
	);
	const way: [string, string, string][] = [
		['in_transit', 'Sorted', 'Leipzig'],
		['out_for_delivery', 'In the van', 'Berlin'],
		['delivered', 'Handed to the customer', 'Berlin'],
	];
	for (const [status, description, location] of way) {
		await delay(STEP_MS, undefined, { signal });
		await store.post(z.unknown(), `/api/v1/shipments/${shipment.id}/events`, {
			...{ externalId: status, status, description, location },
			occurredAt: new Date().toISOString(),
		});
		onStep(`${description}, ${location}`);
	}
}
