import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyDisputeChange } from '../src/disputes/disputes.ts';
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

interface Renewal {
	id: string;
	paymentRef: string;
}
/** The newest first. */
const renewalsOf = async (orderId: string): Promise<Renewal[]> => {
	const { data } = await world.get(`/api/v1/payments?orderId=${orderId}`);
	return data.filter(({ kind }: { kind: string }) => kind === 'renewal');
};
/** A member whose renewals are paid, one by default; the newest of them first. */
const renewed = async (times = 1) => {
	const member = await buyers.subscribe();
	for (let time = 0; time < times; time++) await buyers.advance(member, time === 0 ? 32 : 31);
	const renewals = await renewalsOf(member.orderId);
	if (renewals.length !== times) throw new Error(`${renewals.length} renewals`);
	return { member, renewals, newest: renewals[0] as Renewal };
};
const dispute = async ({ paymentRef }: Renewal) => {
	const made = (await world.control('POST', '/disputes', { payment_intent: paymentRef })) as {
		id: string;
	};
	await world.settled();
	return made.id;
};
const decide = async (ref: string, status: 'won' | 'lost') => {
	await world.control('POST', `/disputes/${ref}/close`, { status });
	await world.settled();
};
const SUSPENDED = { status: 'suspended', status_reason: 'dispute_open' };
const REVOKED = { status: 'revoked', status_reason: 'period_dispute_lost' };
const ACTIVE = { status: 'active', status_reason: null };

describe('the dispute of a renewal', () => {
	it('suspends the licence while it is open; won, the licence is back', async () => {
		const { member, newest } = await renewed();
		const ref = await dispute(newest);
		const license = await buyers.licenseOf(member.orderId);
		expect(license).toMatchObject(SUSPENDED);
		await decide(ref, 'won');
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(ACTIVE);
		expect((await world.told(license?.id ?? '')).slice(2)).toEqual([
			'license.suspended',
			'license.reinstated',
		]);
	});

	it('that is lost revokes the licence until a later period is paid', async () => {
		const { member, newest } = await renewed();
		await decide(await dispute(newest), 'lost');
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(REVOKED);
		expect(await world.get(`/api/v1/orders/${member.orderId}`)).toMatchObject({
			status: 'paid',
			paymentStatus: 'paid',
		});
		expect(await world.get(`/api/v1/subscriptions/${member.id}`)).toMatchObject({
			status: 'active',
		});
		await buyers.advance(member, 31);
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(ACTIVE);
	});

	it('is not undone by a later period that is paid while it is open, but then a loss is past', async () => {
		const { member, newest } = await renewed();
		const ref = await dispute(newest);
		await buyers.advance(member, 31);
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(SUSPENDED);
		await decide(ref, 'lost');
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(ACTIVE);
	});

	it('is one of several: each has to end for itself', async () => {
		const { member, renewals } = await renewed(2);
		const [newest, former] = await Promise.all(renewals.map(dispute));
		await decide(newest ?? '', 'won');
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(SUSPENDED);
		await decide(former ?? '', 'lost');
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(ACTIVE);
	});

	it.each([
		['open won', ACTIVE],
		['won open', ACTIVE],
		['open open won won open', ACTIVE],
		['open lost', REVOKED],
		['lost open', REVOKED],
		['lost lost open open lost', REVOKED],
		['open inquiry', SUSPENDED],
		['inquiry', ACTIVE],
	] as const)('told as %s', async (told, end) => {
		const { member, newest } = await renewed();
		const fact = {
			...{ kind: 'dispute_changed' as const, orderId: undefined, paymentRef: newest.paymentRef },
			...{ disputeRef: `dp_${newest.id}`, amount: 1900, currency: 'EUR' },
			...{ reason: undefined, evidenceDueAt: undefined },
		};
		for (const [index, status] of told.split(' ').entries()) {
			const source = { gateway: 'stripe', at: new Date(), eventId: `evt_${newest.id}_${index}` };
			await world.db.transaction((tx) =>
				applyDisputeChange(
					tx,
					{ ...fact, status: status as 'inquiry' | 'open' | 'won' | 'lost' },
					source,
				),
			);
		}
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(end);
	});

	it('that is lost can be overruled by the seller, and the next one counts again', async () => {
		const { member, newest } = await renewed();
		await decide(await dispute(newest), 'lost');
		const license = await buyers.licenseOf(member.orderId);
		const { body } = await world.call('POST', `/api/v1/licenses/${license?.id}/reinstate`, {});
		expect(body.status).toBe('active');
		await buyers.advance(member, 31);
		const [later] = await renewalsOf(member.orderId);
		await dispute(later as Renewal);
		expect(await buyers.licenseOf(member.orderId)).toMatchObject(SUSPENDED);
	});
});
