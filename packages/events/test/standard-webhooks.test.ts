import { randomBytes } from 'node:crypto';
import { createEgress } from '@autopilot/egress';
import { createLogger, httpMigrations } from '@autopilot/http';
import { createTestDatabase, until } from '@autopilot/postgres/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { emit, eventMigrations, sign, startDeliveryWorker, verify } from '../src/index.ts';
import { startReceiver } from './receiver.ts';

// What the reference implementations of https://www.standardwebhooks.com are tested for.
const secret = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const now = () => Math.floor(Date.now() / 1000);
const make = (more: { id?: string; timestamp?: number; body?: string } = {}) => {
	const message = {
		...{ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: now(), body: '{"test": 2432232314}' },
		...more,
	};
	return { message, headers: sign(message, [`whsec_${secret}`]) };
};
const accepts = (
	headers: Partial<ReturnType<typeof sign>>,
	body = '{"test": 2432232314}',
	key = `whsec_${secret}`,
) => verify(headers, body, key);

afterEach(() => {
	jest.restoreAllMocks();
});

describe('our verifier', () => {
	it('accepts what was signed', () => {
		expect(accepts(make().headers)).toBe(true);
	});

	it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const)(
		'refuses a message without %s',
		(name) => {
			const { [name]: _left, ...headers } = make().headers;
			expect(accepts(headers)).toBe(false);
		},
	);

	it.each([
		['just the version', 'v1'],
		['the version and nothing', 'v1,'],
		['another signature', 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc='],
		['a part of the signature', make().headers['webhook-signature'].slice(0, 12)],
		['the signature without its version', make().headers['webhook-signature'].slice(3)],
		['a version that we do not speak', make().headers['webhook-signature'].replace('v1', 'v2')],
		['nothing', ''],
	])('refuses %s as a signature', (_name, signature) => {
		expect(accepts({ ...make().headers, 'webhook-signature': signature })).toBe(false);
	});

	it.each([
		['too old', () => now() - 301, false],
		['old, but not too old', () => now() - 290, true],
		['too new', () => now() + 302, false],
		['new, but not too new', () => now() + 290, true],
	])('of a time that is %s', (_name, timestamp, expected) => {
		jest.spyOn(Date, 'now').mockReturnValue(Date.now());
		expect(accepts(make({ timestamp: timestamp() }).headers)).toBe(expected);
	});

	it.each(['hello', '', '1e3', '-5', '16142653300000000', ' 1614265330'])(
		'refuses %j as a time',
		(timestamp) => {
			expect(accepts({ ...make().headers, 'webhook-timestamp': timestamp })).toBe(false);
		},
	);

	it('finds the right one of several signatures', () => {
		const { headers } = make();
		const several = [
			'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=',
			'v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=',
			headers['webhook-signature'],
			'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=',
		].join(' ');
		expect(accepts({ ...headers, 'webhook-signature': several })).toBe(true);
	});

	it('takes the secret with and without its prefix, and without padding', () => {
		expect(accepts(make().headers, undefined, secret)).toBe(true);
		const odd = randomBytes(25).toString('base64');
		const message = { id: 'msg_1', timestamp: now(), body: '{}' };
		const headers = sign(message, [`whsec_${odd}`]);
		expect(verify(headers, '{}', `whsec_${odd.replace(/=+$/, '')}`)).toBe(true);
	});

	it.each(['', 'whsec_'])('does not work with %j as a secret', (empty) => {
		expect(() => accepts(make().headers, undefined, empty)).toThrow('empty');
	});

	it('tells messages apart that would sign the same bytes', () => {
		expect(() => make({ id: 'msg.1' })).toThrow('dot');
		expect(accepts({ ...make().headers, 'webhook-id': 'msg.1' })).toBe(false);
	});

	it('takes an empty body', () => {
		expect(accepts(make({ body: '' }).headers, '')).toBe(true);
	});
});

describe('what we sign', () => {
	it.each(['{"test": 2432232314}', '{}', '{"text":"Grüße, 你好 👋"}'])(
		'is accepted by the reference library and by Svix: %s',
		(body) => {
			const { headers } = make({ body });
			expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
			// Svix answers nothing, and throws for what it does not accept.
			const svix = new SvixWebhook(`whsec_${secret}`);
			svix.verify(body, { ...headers });
			expect(() => svix.verify(`${body} `, { ...headers })).toThrow('No matching signature');
		},
	);

	it('is what the reference library signs', () => {
		const { message, headers } = make();
		const theirs = new Webhook(secret).sign(
			message.id,
			new Date(message.timestamp * 1000),
			message.body,
		);
		expect(headers['webhook-signature']).toBe(theirs);
		expect(accepts({ ...headers, 'webhook-signature': theirs })).toBe(true);
	});

	it('arrives so that both accept it, during a rotation with either secret', async () => {
		const database = await createTestDatabase([httpMigrations, eventMigrations]);
		const receiver = await startReceiver();
		const egress = createEgress({ allow: ['127.0.0.1'] });
		const [next, previous] = [1, 2].map(() => `whsec_${randomBytes(32).toString('base64')}`);
		await database.db.query(
			`INSERT INTO webhook_endpoints (url, events, secret, previous_secret, previous_secret_until)
			VALUES ($1, '{*}', $2, $3, now() + interval '1 hour')`,
			[receiver.url, next, previous],
		);
		const logger = createLogger('test', 'silent');
		const stop = await startDeliveryWorker({ db: database.db, egress, logger });
		try {
			await database.db.transaction((tx) =>
				emit(tx, {
					type: 'order.paid',
					aggregate: { type: 'order', id: '1' },
					data: { number: 'A-100001', name: 'Zoë' },
					correlationId: 'test',
				}),
			);
			const { body, headers } = await until(() => receiver.received[0]);
			const given = {
				'webhook-id': String(headers['webhook-id']),
				'webhook-timestamp': String(headers['webhook-timestamp']),
				'webhook-signature': String(headers['webhook-signature']),
			};
			for (const key of [next ?? '', previous ?? '']) {
				expect(new Webhook(key).verify(body, given)).toMatchObject({ type: 'order.paid' });
				new SvixWebhook(key).verify(body, given);
				expect(verify(given, body, key)).toBe(true);
			}
		} finally {
			await stop();
			await egress.close();
			await receiver.stop();
			await database.drop();
		}
	});
});
