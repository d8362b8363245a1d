import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { followRenewal } from '../src/licenses/follow.ts';
import { type MoneyWorld, startMoneyWorld } from './money-world.ts';
import { subscribersOf } from './subscribers.ts';

let world: MoneyWorld;
let buyers: ReturnType<typeof subscribersOf>;
beforeAll(async () => {
	world = await startMoneyWorld();
	buyers = subscribersOf(world);
	await world.startWorker({ retryDelaysMs: [10, 10, 10, 10] });
});
afterAll(() => world.close());

const renewalsOf = async (orderId: string) => {
	const { data } = await world.get(`/api/v1/payments?orderId=${orderId}`);
	return data.filter(({ kind }: { kind: string }) => kind === 'renewal');
};
const refund = async (paymentId: string, amount?: number) => {
	const { status, body } = await world.call('POST', '/api/v1/refunds', { paymentId, amount });
	expect(status).toBe(202);
	await world.sendRefunds();
	await world.settled();
	return body;
};
/** A member in their second period. */
const renewed = async () => {
	const member = await buyers.subscribe();
	await buyers.advance(member, 32);
	const [payment] = await renewalsOf(member.orderId);
	return { member, payment };
};

describe('the refund of a renewal', () => {
	it('shows on invoice, subscription and refund, and leaves the order as it was', async () => {
		const { member, payment } = await renewed();
		const before = await world.balances();
		const { id } = await refund(payment.id, 500);
		const { data: invoices } = await world.get(`/api/v1/invoices?subscriptionId=${member.id}`);
		expect(invoices.map((one: { refunded: number }) => one.refunded)).toEqual([500, 0]);
		expect(await world.get(`/api/v1/subscriptions/${member.id}`)).toMatchObject({
			status: 'active',
			refunded: 500,
		});
		expect(await world.get(`/api/v1/refunds/${id}`)).toMatchObject({
			status: 'succeeded',
			subscriptionId: member.id,
		});
		expect(await world.get(`/api/v1/orders/${member.orderId}`)).toMatchObject({
			status: 'paid',
			paymentStatus: 'paid',
			refunded: 0,
		});
		expect(await buyers.licenseOf(member.orderId)).toMatchObject({ status: 'active' });
		expect((await world.balances())['refunds EUR']).toBe((before['refunds EUR'] ?? 0) + 500);
	});

	it('in full revokes the licence, and the next paid period brings it back', async () => {
		const { member, payment } = await renewed();
		await refund(payment.id, 900);
		expect(await buyers.licenseOf(member.orderId)).toMatchObject({ status: 'active' });
		await refund(payment.id);
		const license = await buyers.licenseOf(member.orderId);
		expect(license).toMatchObject({ status: 'revoked', status_reason: 'period_refunded' });
		expect(await world.get(`/api/v1/subscriptions/${member.id}`)).toMatchObject({
			status: 'active',
			refunded: 1900,
		});
		await buyers.advance(member, 31);
		expect(await buyers.licenseOf(member.orderId)).toMatchObject({ status: 'active' });
		const told = await world.told(license?.id ?? '');
		expect(told.slice(0, 4)).toEqual([
			'license.created',
			'license.renewed',
			'license.revoked',
			'license.reinstated',
		]);
		// Nobody promises that the gateway's word of the new period comes before its invoice: after it, it is told too.
		expect([[], ['license.renewed']]).toContainEqual(told.slice(4));
	});

	it('is not undone by older events, nor by newer ones of the same period', async () => {
		const { member, payment } = await renewed();
		await refund(payment.id);
		const { rows } = await world.db.query<{ raw: string; type: string }>(
			`SELECT raw, type FROM gateway_events WHERE object_key = $1 ORDER BY position`,
			[member.orderId],
		);
		expect(rows.some(({ type }) => type === 'invoice.paid')).toBe(true);
		// Told once more, under new names, the newest first.
		await world.db.query(
			`INSERT INTO gateway_events (gateway, external_id, type, object_id, object_key, occurred_at, raw)
			SELECT gateway, external_id || '_again', type, object_id, object_key, occurred_at, raw
			FROM gateway_events WHERE object_key = $1 ORDER BY position DESC`,
			[member.orderId],
		);
		await world.settled();
		await world.stripe.subscriptions.update(member.subscriptionRef, { description: 'Changed' });
		await world.stripe.subscriptions.update(member.subscriptionRef, {
			cancel_at_period_end: true,
		});
		await world.settled();
		const { currentPeriodEnd, cancelAtPeriodEnd } = await world.get(
			`/api/v1/subscriptions/${member.id}`,
		);
		expect(cancelAtPeriodEnd).toBe(true);
		const sourceAt = new Date(Date.now() + 86_400_000);
		await world.db.transaction((tx) =>
			followRenewal(
				tx,
				{
					...{ orderLineId: member.orderLineId, state: 'paid', sourceAt, sourceId: 'evt_same' },
					periodEnd: currentPeriodEnd,
				},
				{ correlationId: 'test' },
			),
		);
		expect(await buyers.licenseOf(member.orderId)).toMatchObject({
			status: 'revoked',
			status_reason: 'period_refunded',
		});
	});

	it('of a period that is over changes no licence, also after the present one was given back', async () => {
		const { member } = await renewed();
		await buyers.advance(member, 31);
		const [present, former] = await renewalsOf(member.orderId);
		await refund(former.id);
		expect(await buyers.licenseOf(member.orderId)).toMatchObject({ status: 'active' });
		await refund(present.id);
		expect(await buyers.licenseOf(member.orderId)).toMatchObject({ status: 'revoked' });
		const subscription = await world.get(`/api/v1/subscriptions/${member.id}`);
		expect(subscription.refunded).toBe(3800);
	});

	it('can be overruled by the seller', async () => {
		const { member, payment } = await renewed();
		await refund(payment.id);
		const license = await buyers.licenseOf(member.orderId);
		const { body } = await world.call('POST', `/api/v1/licenses/${license?.id}/reinstate`, {});
		expect(body.status).toBe('active');
	});
});
