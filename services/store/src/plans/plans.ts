import { notFound, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { CreatePlan, Plan, UpdatePlan } from './schema.ts';
import { deletePlanRow, findPlan, insertPlan, updatePlanRow } from './store.ts';

const TAKEN = {
	plans_variant_id_key: () =>
		unprocessable('plan_exists', 'This variant has a plan. Change that one instead.', [
			{ pointer: '/variantId', detail: 'has a plan' },
		]),
};

export async function getPlan(db: Queryable, id: string): Promise<Plan> {
	const plan = await findPlan(db, id);
	if (plan === undefined) throw notFound('plan', id);
	return plan;
}

/** From now on, who orders the variant subscribes to it. */
export async function createPlan(tx: Tx, input: CreatePlan): Promise<Plan> {
	const id = await onUniqueViolation(TAKEN, () => insertPlan(tx, input));
	if (id === undefined) throw notFound('variant', input.variantId);
	return getPlan(tx, id);
}

/** Holds for subscriptions that begin from now on; only tier and grace also for those that run. */
export async function updatePlan(tx: Tx, id: string, patch: UpdatePlan): Promise<Plan> {
	await getPlan(tx, id);
	await updatePlanRow(tx, id, patch);
	return getPlan(tx, id);
}

/** The variant is sold once from now on; subscriptions that run go on, without a tier. */
export async function deletePlan(tx: Tx, id: string): Promise<void> {
	if (!(await deletePlanRow(tx, id))) throw notFound('plan', id);
}
