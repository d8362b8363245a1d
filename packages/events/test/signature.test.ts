import { describe, expect, it } from '@jest/globals';
import { generateSecret, sign, verify } from '../src/index.ts';

// Vector of the Standard Webhooks reference libraries.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const message = {
	id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
	timestamp: 1_614_265_330,
	body: '{"test": 2432232314}',
};
const headers = sign(message, [secret]);

describe('signature', () => {
	it('is that of the reference implementation', () => {
		expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
	});

	it('is accepted within five minutes, in either direction', () => {
		for (const [offset, expected] of [
			[0, true],
			[299, true],
			[-299, true],
			[301, false],
			[-301, false],
		] as const) {
			expect(verify(headers, message.body, secret, message.timestamp + offset)).toBe(expected);
		}
	});

	it('is refused for another body, secret, id or timestamp', () => {
		const now = message.timestamp;
		expect(verify(headers, `${message.body} `, secret, now)).toBe(false);
		expect(verify(headers, message.body, generateSecret(), now)).toBe(false);
		expect(verify({ ...headers, 'webhook-id': 'msg_other' }, message.body, secret, now)).toBe(
			false,
		);
		expect(
			verify({ ...headers, 'webhook-timestamp': String(now + 1) }, message.body, secret, now),
		).toBe(false);
		expect(verify({}, message.body, secret, now)).toBe(false);
	});

	it('accepts either secret during rotation', () => {
		const next = generateSecret();
		const both = sign(message, [next, secret]);
		expect(verify(both, message.body, secret, message.timestamp)).toBe(true);
		expect(verify(both, message.body, next, message.timestamp)).toBe(true);
	});
});
