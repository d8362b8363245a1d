import type { MoneyWorld } from './money-world.ts';

const DAY = 86_400;

/** Customers with a clock of their own at the gateway, so that months pass at once. */
export function subscribersOf(world: MoneyWorld) {
	let plans = 0;

	/** A customer of ours whom the gateway knows already. */
	const customer = async (email: string) => {
		const { id: clock } = await world.stripe.testHelpers.testClocks.create({
			frozen_time: Math.floor(Date.now() / 1000),
		});
		const { id: customerRef } = await world.stripe.customers.create({ email, test_clock: clock });
		const { body } = await world.call('POST', '/api/v1/customers', { email });
		await world.db.query(
			`INSERT INTO gateway_customers (gateway, external_ref, customer_id) VALUES ('stripe', $1, $2)`,
			[customerRef, body.id],
		);
		return { customerId: body.id as string, email, clock };
	};
	/** A digital product that is paid again and again. */
	const plan = async (terms: object = {}) => {
		const sku = `PLAN-${++plans}`;
		const product = await world.product([{ sku, amount: 1900, delivery: 'digital' }]);
		const { status, body } = await world.call('POST', '/api/v1/plans', {
			...{ variantId: product.variants[0].id, interval: 'month', graceDays: 7, tier: 'gold' },
			...terms,
		});
		if (status !== 201) throw new Error(JSON.stringify(body));
		return sku;
	};
	return {
		customer,
		plan,
		async advance({ clock }: { clock: string }, days: number) {
			const { frozen_time: now } = await world.stripe.testHelpers.testClocks.retrieve(clock);
			await world.stripe.testHelpers.testClocks.advance(clock, { frozen_time: now + days * DAY });
			await world.settled();
		},
		/** Buys a plan and pays its first invoice. @returns the subscription */
		async subscribe(
			terms: object = {},
			{
				card,
				lines = [],
				...more
			}: { card?: string; lines?: object[]; couponCode?: string; billingAddress?: object } = {},
		) {
			const sku = await plan(terms);
			const { clock, ...buyer } = await customer(`${sku.toLowerCase()}@example.com`);
			const order = await world.order([{ sku }, ...(lines as { sku: string }[])], {
				...buyer,
				...more,
			});
			const { payment } = await world.checkout(order.id);
			await world.pay(payment.sessionRef, card);
			await world.settled();
			const { data } = await world.get(`/api/v1/subscriptions?orderId=${order.id}`);
			if (data.length !== 1) throw new Error(`${data.length} subscriptions`);
			return { ...data[0], orderId: order.id as string, clock };
		},
		async licenseOf(orderId: string) {
			const { rows } = await world.db.query<{
				id: string;
				status: string;
				status_reason: string | null;
				expires_at: Date | null;
			}>('SELECT id, status, status_reason, expires_at FROM licenses WHERE order_id = $1', [
				orderId,
			]);
			if (rows.length !== 1) throw new Error(`${rows.length} licences`);
			return rows[0];
		},
	};
}
