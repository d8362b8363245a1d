import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@autopilot/postgres/testing';
import {
	followOrder,
	followSubscription,
	type OrderFact,
	type SubscriptionFact,
} from '../src/licenses/follow.ts';
import { licenseIssuer, type PaidLine, type PaidOrder } from '../src/licenses/issue.ts';
import { hashKey, licenseKeys } from '../src/licenses/key.ts';
import { findLicense, type LicenseRow, selectLicensesOfOrder } from '../src/licenses/store.ts';
import { migrations } from '../src/migrations.ts';

const DAY = 86_400_000;
const NOW = Date.now();
const cause = { correlationId: 'test' };
const keys = licenseKeys({ signingSecret: 'test'.repeat(8), prefix: 'AP' });
const issueForOrder = licenseIssuer(keys);

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase(migrations);
});
afterAll(() => database.drop());

function order(lines: Partial<PaidLine>[] = [{}]): PaidOrder {
	return {
		id: randomUUID(),
		number: `A-${randomUUID()}`,
		email: 'ada@example.com',
		name: 'Ada',
		customerId: null,
		lines: lines.map((line) => ({
			id: randomUUID(),
			title: 'Editor',
			delivery: 'digital',
			quantity: 1,
			productId: null,
			planId: null,
			...line,
		})),
	};
}

function issue(paid: PaidOrder) {
	return database.db.transaction((tx) => issueForOrder(tx, paid, cause));
}

async function theLicense(paid: PaidOrder): Promise<LicenseRow> {
	const [license] = await selectLicensesOfOrder(database.db, paid.id);
	if (license === undefined) throw new Error('no licence was issued');
	return license;
}

async function eventsOf(licenseId: string): Promise<string[]> {
	const { rows } = await database.db.query<{ type: string }>(
		`SELECT type FROM outbox WHERE aggregate_id = $1 ORDER BY seq`,
		[licenseId],
	);
	return rows.map(({ type }) => type);
}

let told = 0;
function tellOrder(paid: PaidOrder, fact: Partial<OrderFact> & Pick<OrderFact, 'kind'>) {
	return database.db.transaction((tx) =>
		followOrder(
			tx,
			{ orderId: paid.id, sourceAt: new Date(NOW), sourceId: `evt_${++told}`, ...fact },
			cause,
		),
	);
}

function tellSubscription(
	paid: PaidOrder,
	fact: Partial<SubscriptionFact> & Pick<SubscriptionFact, 'status'>,
) {
	return database.db.transaction((tx) =>
		followSubscription(
			tx,
			{
				subscriptionId: '01990000-0000-7000-8000-000000000001',
				orderLineId: paid.lines[0]?.id ?? '',
				currentPeriodEnd: new Date(NOW + 30 * DAY),
				graceUntil: null,
				sourceAt: new Date(NOW),
				sourceId: `evt_${++told}`,
				...fact,
			},
			cause,
		),
	);
}

describe('licences of a paid order', () => {
	it('are issued once for each digital line, however often the order is told paid', async () => {
		const paid = order([{}, { delivery: 'physical' }, { quantity: 3 }]);
		const first = await issue(paid);
		const again = await Promise.all([issue(paid), issue(paid)]);
		expect(first).toHaveLength(2);
		expect(again.flat()).toEqual([]);
		expect(await selectLicensesOfOrder(database.db, paid.id)).toHaveLength(2);
	});

	it('are told with title, address, order number and a preview, never with the key', async () => {
		const paid = order();
		const [license] = await issue(paid);
		const row = await theLicense(paid);
		const key = keys.reveal(row);
		const { rows } = await database.db.query<{ data: object }>(
			`SELECT data FROM outbox WHERE aggregate_id = $1`,
			[row.id],
		);
		expect(rows[0]?.data).toMatchObject({
			product: { title: 'Editor' },
			email: 'ada@example.com',
			order: { number: paid.number },
			keyPreview: license?.keyPreview,
		});
		expect(hashKey(key ?? '').equals(row.keyHash)).toBe(true);
		expect(JSON.stringify(rows)).not.toContain(key);
	});

	it('are issued for each unit, with limits of their own, when the policy says so', async () => {
		const { rows } = await database.db.query<{ id: string }>(
			`INSERT INTO products (slug, title, status) VALUES ('per-unit', 'Editor', 'draft') RETURNING id`,
		);
		const productId = rows[0]?.id ?? '';
		await database.db.query(
			`INSERT INTO license_policies (product_id, issue_per, max_devices, duration_days, terms)
			VALUES ($1, 'unit', 2, 365, $2)`,
			[productId, (await theDefault()).terms],
		);
		const licenses = await issue(order([{ productId, quantity: 3 }]));
		expect(licenses.map(({ unit }) => unit).sort()).toEqual([1, 2, 3]);
		expect(licenses.every(({ limits }) => limits.devices.max === 2)).toBe(true);
		expect(new Set(licenses.map(({ keyPreview }) => keyPreview)).size).toBe(3);
		const days = (Date.parse(licenses[0]?.expiresAt ?? '') - NOW) / DAY;
		expect(days).toBeCloseTo(365, 1);
	});

	async function theDefault() {
		const paid = order();
		await issue(paid);
		return theLicense(paid);
	}
});

describe('a licence follows the money of its order', () => {
	it.each([
		['refunded', 'revoked', 'license.revoked'],
		['dispute_opened', 'suspended', 'license.suspended'],
		['dispute_lost', 'revoked', 'license.revoked'],
		['partially_refunded', 'active', undefined],
	] as const)('%s makes it %s', async (kind, status, event) => {
		const paid = order();
		await issue(paid);
		await tellOrder(paid, { kind });
		const license = await theLicense(paid);
		expect(license.status).toBe(status);
		expect((await eventsOf(license.id)).slice(1)).toEqual(event === undefined ? [] : [event]);
	});

	it('ends in the same state in whatever order, and however often, the events come', async () => {
		const facts = [
			{ kind: 'dispute_opened', sourceAt: new Date(NOW), sourceId: 'evt_a' },
			{ kind: 'dispute_won', sourceAt: new Date(NOW), sourceId: 'evt_b' },
		] as const;
		for (const told of [
			[0, 1],
			[1, 0],
			[0, 1, 0, 1],
			[1, 1, 0, 0],
		]) {
			const paid = order();
			await issue(paid);
			for (const index of told) {
				const fact = facts[index];
				if (fact !== undefined) await tellOrder(paid, fact);
			}
			expect((await theLicense(paid)).status).toBe('active');
		}
	});

	it('a refund that is told before the licence is issued still revokes it', async () => {
		const paid = order();
		await tellOrder(paid, { kind: 'refunded' });
		await issue(paid);
		expect((await theLicense(paid)).status).toBe('revoked');
	});

	it('a refund of one line leaves the licence of the other alone', async () => {
		const paid = order([{}, {}]);
		await issue(paid);
		const [first] = paid.lines;
		await tellOrder(paid, { kind: 'partially_refunded', orderLineIds: [first?.id ?? ''] });
		const licenses = await selectLicensesOfOrder(database.db, paid.id);
		expect(
			Object.fromEntries(licenses.map(({ orderLineId, status }) => [orderLineId, status])),
		).toEqual({ [paid.lines[0]?.id ?? '']: 'revoked', [paid.lines[1]?.id ?? '']: 'active' });
	});
});

describe('a licence follows its subscription', () => {
	const later = (days: number) => new Date(NOW + days * DAY);

	async function subscribed() {
		const paid = order([{ planId: randomUUID() }]);
		await issue(paid);
		return paid;
	}

	it('runs until the end of the period, and longer with each renewal', async () => {
		const paid = await subscribed();
		await tellSubscription(paid, { status: 'active' });
		await tellSubscription(paid, {
			status: 'active',
			currentPeriodEnd: later(60),
			sourceAt: later(30),
		});
		const license = await theLicense(paid);
		expect(license.expiresAt).toEqual(later(60));
		expect(await eventsOf(license.id)).toEqual(['license.created', 'license.renewed']);
	});

	it('past_due: goes on until the end of the grace', async () => {
		const paid = await subscribed();
		await tellSubscription(paid, { status: 'active', currentPeriodEnd: later(0) });
		await tellSubscription(paid, {
			status: 'past_due',
			graceUntil: later(7),
			sourceAt: later(1),
		});
		const license = await theLicense(paid);
		expect(license).toMatchObject({ status: 'active', expiresAt: later(0), endsAt: later(7) });
	});

	it.each(['unpaid', 'paused'] as const)('%s: is suspended, and back when paid', async (status) => {
		const paid = await subscribed();
		await tellSubscription(paid, { status });
		expect((await theLicense(paid)).status).toBe('suspended');
		await tellSubscription(paid, { status: 'active', sourceAt: later(1) });
		const license = await theLicense(paid);
		expect(license.status).toBe('active');
		expect((await eventsOf(license.id)).at(-1)).toBe('license.reinstated');
	});

	it('cancelled: runs out at the end of what was paid', async () => {
		const paid = await subscribed();
		await tellSubscription(paid, { status: 'canceled', currentPeriodEnd: later(5) });
		expect(await theLicense(paid)).toMatchObject({ status: 'active', endsAt: later(5) });
		const other = await subscribed();
		await tellSubscription(other, { status: 'canceled', currentPeriodEnd: later(-1) });
		expect((await theLicense(other)).status).toBe('expired');
	});

	it('an older event changes nothing', async () => {
		const paid = await subscribed();
		await tellSubscription(paid, { status: 'active', sourceAt: later(2) });
		await tellSubscription(paid, { status: 'unpaid', sourceAt: later(1) });
		expect((await theLicense(paid)).status).toBe('active');
	});

	it('counts when it is told before the licence is issued', async () => {
		const paid = order([{ planId: randomUUID() }]);
		await tellSubscription(paid, { status: 'trialing', currentPeriodEnd: later(14) });
		await issue(paid);
		expect(await theLicense(paid)).toMatchObject({
			status: 'active',
			expiresAt: later(14),
			subscriptionStatus: 'trialing',
		});
	});

	it('a renewal does not undo an open dispute', async () => {
		const paid = await subscribed();
		await tellOrder(paid, { kind: 'dispute_opened' });
		await tellSubscription(paid, { status: 'active', sourceAt: later(3) });
		const license = await theLicense(paid);
		expect(license).toMatchObject({ status: 'suspended', statusReason: 'dispute_open' });
		expect((await findLicense(database.db, license.id))?.id).toBe(license.id);
	});
});
