import { notFound } from '@autopilot/http';
import type { Queryable, Tx } from '@autopilot/postgres';
import type { CreateShippingOption, ShippingOption, UpdateShippingOption } from './schema.ts';
import {
	deleteShippingOptionRow,
	findShippingOption,
	insertShippingOption,
	lockShippingOption,
	updateShippingOptionRow,
} from './store.ts';

export async function createShippingOption(
	tx: Tx,
	input: CreateShippingOption,
): Promise<ShippingOption> {
	return found(await insertShippingOption(tx, input), input.name);
}

export async function getShippingOption(db: Queryable, id: string): Promise<ShippingOption> {
	return found(await findShippingOption(db, id), id);
}

/** For orders from now on; an order keeps the option as it was. */
export async function updateShippingOption(
	tx: Tx,
	id: string,
	patch: UpdateShippingOption,
): Promise<ShippingOption> {
	const before = found(await lockShippingOption(tx, id), id);
	return found(await updateShippingOptionRow(tx, id, Object.assign({ ...before }, patch)), id);
}

export async function deleteShippingOption(tx: Tx, id: string): Promise<void> {
	if (!(await deleteShippingOptionRow(tx, id))) throw notFound('shipping option', id);
}

function found(option: ShippingOption | undefined, id: string): ShippingOption {
	if (option === undefined) throw notFound('shipping option', id);
	return option;
}
