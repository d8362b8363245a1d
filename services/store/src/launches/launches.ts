import { conflict, notFound } from '@autopilot/http';
import type { Queryable, Tx } from '@autopilot/postgres';
import { getProduct } from '../products/products.ts';
import { lockProduct } from '../products/store.ts';
import type { BeginLaunch, Launch, TakeUpLaunch, UpdateLaunch } from './schema.ts';
import { countAttempt, findLaunch, updateLaunchRow, upsertLaunch } from './store.ts';

/** @throws {Problem} 404 for a product that nobody has begun to launch */
export async function getLaunch(db: Queryable, productId: string): Promise<Launch> {
	const launch = await findLaunch(db, productId);
	if (launch === undefined) throw notFound('launch', productId);
	return launch;
}

/**
 * Notes that a run cares for the launch of a product.
 * @throws {Problem} 404, or 409 for a product that was taken out of the catalogue
 */
export async function beginLaunch(tx: Tx, productId: string, input: BeginLaunch): Promise<Launch> {
	if (!(await lockProduct(tx, productId))) throw notFound('product', productId);
	const { status } = await getProduct(tx, productId);
	if (status === 'archived') {
		throw conflict(
			'product_archived',
			'An archived product is not launched. Publish it first, if that is what you want.',
		);
	}
	return upsertLaunch(tx, productId, input);
}

/** @throws {Problem} 404 */
export async function updateLaunch(
	tx: Tx,
	productId: string,
	patch: UpdateLaunch,
): Promise<Launch> {
	const launch = await updateLaunchRow(tx, productId, patch);
	if (launch === undefined) throw notFound('launch', productId);
	return launch;
}

/**
 * Counts another attempt, for a launch whose run got lost.
 * @throws {Problem} 404, or 409 when it has ended or somebody else has taken it up
 */
export async function takeUpLaunch(
	tx: Tx,
	productId: string,
	input: TakeUpLaunch,
): Promise<Launch> {
	const launch = await countAttempt(tx, productId, input);
	if (launch !== undefined) return launch;
	const { state, attempts } = await getLaunch(tx, productId);
	throw conflict(
		'launch_not_lost',
		`The launch is ${state} after ${attempts} attempts: attempt ${input.attempt} is not the next one. Look at it again first.`,
	);
}
