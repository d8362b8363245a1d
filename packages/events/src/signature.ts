import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

// Standard Webhooks 1.0, https://www.standardwebhooks.com: symmetric scheme v1.

const PREFIX = 'whsec_';
/** Seconds that a timestamp may be off, in both directions. */
export const TOLERANCE_SECONDS = 300;

export interface WebhookHeaders {
	'webhook-id': string;
	'webhook-timestamp': string;
	'webhook-signature': string;
}

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export function generateSecret(): string {
	return secretOf(randomBytes(32));
}

/** Key bytes written as a Standard Webhooks secret. */
export function secretOf(bytes: Uint8Array): string {
	return `${PREFIX}${Buffer.from(bytes).toString('base64')}`;
}

/**
 * Signs a message with every given secret, the signatures separated by spaces: receivers accept any of them,
 * which is how secrets are rotated.
 * @param message.timestamp  seconds since 1970
 */
export function sign(
	message: { id: string; timestamp: number; body: string },
	secrets: readonly string[],
): WebhookHeaders {
	if (message.id.includes('.')) {
		throw new Error(
			`The id ${message.id} has a dot, which parts id, timestamp and body in what is signed.`,
		);
	}
	const signatures = secrets.map(
		(secret) => `v1,${hmac(secret, message.id, String(message.timestamp), message.body)}`,
	);
	return {
		'webhook-id': message.id,
		'webhook-timestamp': String(message.timestamp),
		'webhook-signature': signatures.join(' '),
	};
}

/**
 * True when one of the signatures was made with the secret over exactly this body, not longer ago than the tolerance
 * and not further in the future.
 * @param now  seconds since 1970
 */
export function verify(
	headers: Partial<Record<keyof WebhookHeaders, string | undefined>>,
	body: string,
	secret: string,
	now: number = Date.now() / 1000,
): boolean {
	const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = headers;
	if (id === undefined || timestamp === undefined || given === undefined) return false;
	if (id.includes('.') || !/^\d{1,12}$/.test(timestamp)) return false;
	if (Math.abs(now - Number(timestamp)) > TOLERANCE_SECONDS) return false;
	const expected = Buffer.from(hmac(secret, id, timestamp, body));
	return given.split(' ').some((signature) => {
		const [version, value] = signature.split(',', 2);
		if (version !== 'v1' || value === undefined) return false;
		const actual = Buffer.from(value);
		return actual.length === expected.length && timingSafeEqual(actual, expected);
	});
}

function hmac(secret: string, id: string, timestamp: string, body: string): string {
	const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
	const key = Buffer.from(encoded, 'base64');
	// With an empty key anybody could sign.
	if (key.length === 0) throw new Error('The webhook secret is empty.');
	return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
}
