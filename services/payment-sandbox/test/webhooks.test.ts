import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import Stripe from 'stripe';
import { type SandboxUnderTest, startReceiver, startSandbox } from './sandbox.ts';

let sandbox: SandboxUnderTest;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let secret: string;
let status: (n: number) => number;

beforeEach(async () => {
	status = () => 200;
	receiver = await startReceiver((n) => status(n));
	sandbox = await startSandbox();
	const endpoint = await sandbox.stripe.webhookEndpoints.create({
		url: receiver.url,
		enabled_events: ['customer.created', 'customer.updated'],
	});
	secret = endpoint.secret ?? '';
});
afterEach(async () => {
	await sandbox.close();
	await receiver.close();
});

const arrived = (count: number) => until(() => receiver.received.length >= count);
/** Until nothing more is on its way: the sender hears of an answer a little after the endpoint has given it. */
const allSent = () =>
	until(
		async () => Reflect.get(Object(await sandbox.control('GET', '/webhooks')), 'waiting') === 0,
	);

describe('a webhook', () => {
	it('is signed so that the real client takes it, and carries the object as it was', async () => {
		const { id } = await sandbox.stripe.customers.create({ name: 'Ada' });
		await sandbox.stripe.customers.update(id, { name: 'Ada Lovelace' });
		await arrived(2);
		const events = receiver.received.map(({ body, headers }) =>
			Stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secret),
		);
		// Each is sent on a connection of its own: nobody promises their order.
		const first = events.find(({ type }) => type === 'customer.created');
		const second = events.find(({ type }) => type === 'customer.updated');
		expect(first).toMatchObject({
			type: 'customer.created',
			data: { object: { id, name: 'Ada' } },
		});
		expect(second).toMatchObject({
			type: 'customer.updated',
			data: { object: { name: 'Ada Lovelace' } },
		});
		expect(first?.request?.idempotency_key).toMatch(/^stripe-node-retry-/);
		const listed = await sandbox.stripe.events.retrieve(first?.id ?? '');
		expect(listed.data).toEqual(first?.data);
		const [one] = receiver.received;
		expect(() =>
			Stripe.webhooks.constructEvent(
				one?.body ?? '',
				String(one?.headers['stripe-signature']),
				'whsec_other',
			),
		).toThrow();
	});

	it('is sent for the events that were asked for only', async () => {
		await sandbox.stripe.products.create({ name: 'x' });
		await sandbox.stripe.customers.create({});
		await arrived(1);
		await allSent();
		expect(receiver.types()).toEqual(['customer.created']);
	});

	it('comes again when the endpoint failed', async () => {
		status = (n) => (n === 1 ? 500 : 200);
		await sandbox.stripe.customers.create({});
		await arrived(2);
		const ids = receiver.received.map(
			({ body }) => Reflect.get(Object(JSON.parse(body)), 'id') as string,
		);
		expect(new Set(ids).size).toBe(1);
	});

	it('comes several times when it is told to', async () => {
		await sandbox.control('PUT', '/webhooks', { copies: 2 });
		await sandbox.stripe.customers.create({});
		await arrived(3);
		await allSent();
		expect(receiver.received).toHaveLength(3);
		expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
	});

	it('is kept back and comes in reverse order, each twice', async () => {
		await sandbox.control('PUT', '/webhooks', { hold: true });
		const { id } = await sandbox.stripe.customers.create({});
		await sandbox.stripe.customers.update(id, { name: 'x' });
		expect(receiver.received).toHaveLength(0);
		expect(
			await sandbox.control('POST', '/webhooks/release', { order: 'reverse', copies: 1 }),
		).toEqual({ released: 4 });
		await arrived(4);
		expect(receiver.types().sort()).toEqual([
			...['customer.created', 'customer.created', 'customer.updated', 'customer.updated'],
		]);
	});

	it('is lost on the way and comes by a retry, or never', async () => {
		await sandbox.control('PUT', '/webhooks', { dropRate: 1, dropTypes: ['customer.updated'] });
		const { id } = await sandbox.stripe.customers.create({});
		await sandbox.stripe.customers.update(id, { name: 'x' });
		await arrived(1);
		await allSent();
		expect(receiver.types()).toEqual(['customer.created']);
		const { data } = await sandbox.stripe.events.list({ type: 'customer.updated' });
		await sandbox.control('POST', `/events/${data[0]?.id ?? ''}/resend`);
		await arrived(2);
	});
});
