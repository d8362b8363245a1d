import { decodeCursor, encodeCursor, type Queryable, type Tx } from '@autopilot/postgres';
import type { CreatePlan, ListPlans, Plan, UpdatePlan } from './schema.ts';

const SELECT = `SELECT p.id, p.variant_id AS "variantId", v.sku, v.product_id AS "productId", p.name, p.interval,
	p.interval_count AS "intervalCount", p.trial_days AS "trialDays", p.grace_days AS "graceDays", p.tier,
	p.tier_rank AS "tierRank", p.created_at AS "createdAt", p.updated_at AS "updatedAt"
	FROM plans p JOIN variants v ON v.id = p.variant_id`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Row = Omit<Plan, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };

/** @returns its id, or undefined when there is no such variant */
export async function insertPlan(tx: Tx, plan: CreatePlan): Promise<string | undefined> {
	const { rows } = await tx.query<{ id: string }>(
		`INSERT INTO plans (variant_id, name, interval, interval_count, trial_days, grace_days, tier, tier_rank)
		SELECT id, coalesce($2, title), $3, $4, $5, $6, $7, $8 FROM variants WHERE id = $1 RETURNING id`,
		[
			plan.variantId,
			plan.name ?? null,
			plan.interval,
			plan.intervalCount,
			plan.trialDays,
			plan.graceDays,
			plan.tier,
			plan.tierRank,
		],
	);
	return rows[0]?.id;
}

export async function findPlan(db: Queryable, id: string): Promise<Plan | undefined> {
	const { rows } = await db.query<Row>(`${SELECT} WHERE p.id = $1`, [id]);
	return rows.map(toPlan)[0];
}

export async function updatePlanRow(tx: Tx, id: string, patch: UpdatePlan): Promise<void> {
	await tx.query(
		`UPDATE plans SET name = coalesce($2, name), interval = coalesce($3, interval),
			interval_count = coalesce($4, interval_count), trial_days = coalesce($5, trial_days),
			grace_days = coalesce($6, grace_days), tier = CASE WHEN $9 THEN $7 ELSE tier END,
			tier_rank = coalesce($8, tier_rank), updated_at = now()
		WHERE id = $1`,
		[
			id,
			patch.name ?? null,
			patch.interval ?? null,
			patch.intervalCount ?? null,
			patch.trialDays ?? null,
			patch.graceDays ?? null,
			patch.tier ?? null,
			patch.tierRank ?? null,
			patch.tier !== undefined,
		],
	);
}

export async function deletePlanRow(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query('DELETE FROM plans WHERE id = $1', [id]);
	return rowCount === 1;
}

/** The newest first. @returns up to `limit + 1` plans, or undefined for a cursor that is none of ours */
export async function selectPlans(db: Queryable, filter: ListPlans): Promise<Plan[] | undefined> {
	const after = filter.cursor === undefined ? [null] : decodeCursor(filter.cursor, 1);
	if (after === undefined || (after[0] != null && !UUID.test(after[0]))) return undefined;
	const { rows } = await db.query<Row>(
		`${SELECT} WHERE ($1::text IS NULL OR p.tier = $1) AND ($2::uuid IS NULL OR p.id < $2)
		ORDER BY p.id DESC LIMIT $3`,
		[filter.tier ?? null, ...after, filter.limit + 1],
	);
	return rows.map(toPlan);
}

/** The days of trial of each plan that has one. */
export async function trialsOf(db: Queryable, planIds: string[]): Promise<Map<string, number>> {
	const { rows } = await db.query<{ id: string; trialDays: number }>(
		'SELECT id, trial_days AS "trialDays" FROM plans WHERE id = ANY ($1) AND trial_days > 0',
		[planIds],
	);
	return new Map(rows.map(({ id, trialDays }) => [id, trialDays]));
}

export function cursorOf({ id }: { id: string }): string {
	return encodeCursor([id]);
}

function toPlan(row: Row): Plan {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
	};
}
