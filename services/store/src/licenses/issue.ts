import { emitAll } from '@autopilot/events';
import { type Queryable, statement, type Tx } from '@autopilot/postgres';
import { DEFAULT_TERMS, SUBSCRIPTION_GRACE, type Terms } from '../license-policies/schema.ts';
import type { PolicyRow } from '../license-policies/store.ts';
import type { LicenseKeys } from './key.ts';
import { toLicense } from './present.ts';
import type { License } from './schema.ts';
import type { Cause } from './settle.ts';
import { endOf, type Source, spanOf, statusOf } from './state.ts';
import { selectSources } from './source-store.ts';
import { insertLicenses, type NewLicense } from './store.ts';

const DAY_MS = 86_400_000;
/** A line of more units than that gets licences for so many: nobody enters a thousand keys by hand. */
const MAX_UNITS = 1000;

/** What of an order a licence is made of; the store's `Order` is one. */
export interface PaidOrder {
	id: string;
	number: string;
	email: string;
	name: string | null;
	customerId: string | null;
	lines: readonly PaidLine[];
}

export interface PaidLine {
	id: string;
	title: string;
	delivery: 'physical' | 'digital';
	quantity: number;
	productId: string | null;
	/** Set for a line that is paid again and again. */
	planId: string | null;
}

/** Issues the licences of an order. See {@link licenseIssuer}. */
export type IssueForOrder = (tx: Tx, order: PaidOrder, cause: Cause) => Promise<License[]>;

/**
 * Makes the function that `payments` calls, in its transaction, once an order is paid.
 *
 * Each digital line gets one licence, or one for each unit when the product's policy says so; a product without a
 * policy gets the default terms. Safe to call again: a line that has its licence gets no second one, and only new ones
 * are answered and told (`license.created`). A refund or a subscription that was told before counts at once.
 */
export function licenseIssuer(keys: LicenseKeys): IssueForOrder {
	return async (tx, order, cause) => {
		const lines = order.lines.filter(({ delivery }) => delivery === 'digital');
		if (lines.length === 0) return [];
		const plans = await planLines(tx, order, lines);
		const told = await selectSources(tx, [order.id, ...lines.map(({ id }) => id)]);
		const now = new Date();
		const news: NewLicense[] = [];
		for (const plan of plans) {
			const sources = told.filter(({ subjectId }) => [order.id, plan.line.id].includes(subjectId));
			for (const [index, id] of plan.ids.entries()) {
				news.push({
					id,
					...keys.derive(id, 1).stored,
					productId: plan.line.productId,
					productTitle: plan.line.title,
					orderId: order.id,
					orderNumber: order.number,
					orderLineId: plan.line.id,
					unit: index + 1,
					customerId: order.customerId,
					email: order.email,
					name: order.name,
					metadata: {},
					startsAt: now,
					...grantOf(plan, sources, now),
				});
			}
		}
		const rows = await insertLicenses(tx, news);
		const licenses = rows.map((row) => toLicense(row, now));
		if (licenses.length === 0) return [];
		await emitAll(
			tx,
			licenses.map((data) => ({
				type: 'license.created',
				aggregate: { type: 'license', id: data.id },
				data,
				correlationId: cause.correlationId,
			})),
		);
		return licenses;
	};
}

interface LinePlan {
	line: PaidLine;
	policy: PolicyRow | null;
	/** One new id for each licence. */
	ids: string[];
}

const PLAN = statement(`SELECT l.position - 1 AS index,
	pg_advisory_xact_lock(hashtextextended($4, 0)) IS NULL AS "lockedOrder",
	pg_advisory_xact_lock(hashtextextended(l.id::text, 0)) IS NULL AS "lockedLine",
	CASE WHEN p.product_id IS NOT NULL THEN jsonb_build_object('productId', p.product_id,
		'issuePer', p.issue_per, 'durationDays', p.duration_days, 'maxDevices', p.max_devices,
		'maxDownloads', p.max_downloads, 'terms', p.terms) END AS policy,
	ARRAY(SELECT uuidv7() FROM generate_series(1,
		CASE WHEN p.issue_per = 'unit' THEN least(l.quantity, ${MAX_UNITS}) ELSE 1 END)) AS ids
FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY
	AS l (id, product_id, quantity, position)
LEFT JOIN license_policies p ON p.product_id = l.product_id
ORDER BY l.id`);

// The lock makes this wait for a payment's word about the same line, and that for this: neither can miss the other.
async function planLines(
	tx: Tx,
	order: PaidOrder,
	lines: readonly PaidLine[],
): Promise<LinePlan[]> {
	const { rows } = await tx.query<{ index: number; policy: PolicyRow | null; ids: string[] }>(
		PLAN,
		[
			lines.map(({ id }) => id),
			lines.map(({ productId }) => productId),
			lines.map(({ quantity }) => quantity),
			order.id,
		],
	);
	return rows.flatMap(({ index, policy, ids }) => {
		const line = lines[index];
		return line === undefined ? [] : [{ line, policy, ids }];
	});
}

/** Until the end of the transaction nobody else issues for, or hears of, this order or line. */
export async function lockSubject(tx: Queryable, id: string): Promise<void> {
	await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [id]);
}

function grantOf({ line, policy }: LinePlan, sources: readonly Source[], now: Date) {
	const terms = policy?.terms ?? defaultTerms(line);
	const units = policy?.issuePer === 'unit' ? 1 : line.quantity;
	const days = line.planId === null ? (policy?.durationDays ?? null) : null;
	const expiresAt = days === null ? null : new Date(now.getTime() + days * DAY_MS);
	const subscription = sources.find(({ kind }) => kind === 'subscription');
	const span =
		subscription === undefined
			? { expiresAt, graceUntil: null }
			: spanOf({ expiresAt, subscriptionStatus: null }, subscription);
	const endsAt = endOf(span.expiresAt, span.graceUntil, terms.grace);
	const { status, reason } = statusOf(
		{ hold: null, holdReason: null, overruledSources: [], endsAt },
		sources,
		now,
	);
	return {
		terms,
		...span,
		endsAt,
		status,
		statusReason: reason,
		maxDevices: times(policy?.maxDevices ?? null, units),
		maxDownloads: times(policy?.maxDownloads ?? null, units),
		subscriptionId: subscription?.subscriptionId ?? null,
		subscriptionStatus: subscription?.state ?? null,
	};
}

function defaultTerms({ planId }: PaidLine): Terms {
	return planId === null
		? DEFAULT_TERMS
		: { ...DEFAULT_TERMS, type: 'subscription', grace: SUBSCRIPTION_GRACE };
}

function times(limit: number | null, units: number): number | null {
	return limit === null ? null : limit * units;
}
