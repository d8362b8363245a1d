import { Problem } from '@autopilot/http';
import type Stripe from 'stripe';
import type { GatewayEvent } from './gateway.ts';
import { stripeObjectKey } from './stripe-facts.ts';
import { stripeEvent } from './stripe-objects.ts';
import { badSignature } from './webhook-problems.ts';

const TOLERANCE_SECONDS = 300;

/** @throws {Problem} 400 unless one of the signatures is ours over these bytes, and of these minutes */
export function verifyStripeSignature(
	stripe: Stripe,
	body: Buffer,
	header: string | string[] | undefined,
	secret: string,
): void {
	if (typeof header !== 'string') throw badSignature('There is no stripe-signature header.');
	try {
		stripe.webhooks.signature?.verifyHeader(body, header, secret, TOLERANCE_SECONDS);
	} catch (error) {
		throw badSignature(
			'The signature was not made with our secret over this body, or is too old.',
			error,
		);
	}
	// The client has no bound for the future: a signature of tomorrow would stay good until the day after.
	const newest = Math.max(...[...header.matchAll(/(?:^|,)\s*t=(\d+)/g)].map(([, t]) => Number(t)));
	if (newest - Date.now() / 1000 > TOLERANCE_SECONDS) {
		throw badSignature('The signature is of the future. Set the clock.');
	}
}

/** Reads the envelope of an event whose bytes are trusted. */
export function stripeEventOf(raw: string): GatewayEvent {
	const parsed = stripeEvent.safeParse(parseJson(raw));
	if (!parsed.success) throw badSignature('The body is no Stripe event.', parsed.error);
	const { id, type, created, data } = parsed.data;
	const object = data?.object ?? {};
	return {
		id,
		type,
		objectId: typeof object.id === 'string' ? object.id : id,
		objectKey: stripeObjectKey(object),
		occurredAt: new Date(typeof created === 'number' ? created * 1000 : created),
		raw,
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Problem({
			status: 400,
			code: 'malformed_json',
			detail: 'The body is no JSON.',
			cause: error,
		});
	}
}
