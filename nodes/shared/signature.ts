import { createHmac, timingSafeEqual } from 'node:crypto';

/** How old (or ahead) a message may be, in seconds: what Standard Webhooks recommends. */
export const TOLERANCE_SECONDS = 300;

export interface SignedMessage {
	/** Headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. */
	id: string | undefined;
	timestamp: string | undefined;
	signature: string | undefined;
	/** The body exactly as it came over the wire. */
	body: Buffer;
}

/**
 * Checks a message by Standard Webhooks: `v1,<base64 of HMAC-SHA256 over id.timestamp.body>`,
 * several signatures separated by spaces during a rotation of the secret (`whsec_<base64>`).
 * Gives the reason of a refusal, or undefined when the message is genuine and fresh.
 */
export function refusalOf(
	{ id, timestamp, signature, body }: SignedMessage,
	secret: string,
	now: number = Date.now(),
): string | undefined {
	if (!id || !timestamp || !signature) return 'The headers of Standard Webhooks are missing.';
	const age = Math.abs(now / 1000 - Number(timestamp));
	if (!(age <= TOLERANCE_SECONDS)) return 'The timestamp is too old or too far ahead.';
	const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
	const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
	const genuine = signature.split(' ').some((entry) => {
		const [version, value = ''] = entry.split(',');
		const given = Buffer.from(value, 'base64');
		return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
	});
	return genuine ? undefined : 'The signature does not match.';
}
