import { emit } from '@autopilot/events';
import { mergePatch, notFound, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import type { CreateCustomer, Customer, UpdateCustomer } from './schema.ts';
import {
	deleteCustomerRow,
	findCustomer,
	insertCustomer,
	lockCustomer,
	updateCustomerRow,
} from './store.ts';

const TAKEN = {
	customers_email: () =>
		unprocessable('email_taken', 'Another customer has this address. Change that one instead.', [
			{ pointer: '/email', detail: 'is taken' },
		]),
};

export async function getCustomer(db: Queryable, id: string): Promise<Customer> {
	return found(await findCustomer(db, id), id);
}

export async function createCustomer(
	tx: Tx,
	input: CreateCustomer,
	cause: { correlationId: string },
): Promise<Customer> {
	const customer = await onUniqueViolation(TAKEN, () => insertCustomer(tx, input));
	return tell(tx, customer, 'customer.created', cause);
}

/** Changes what the patch names; `attributes` are merged. */
export async function updateCustomer(
	tx: Tx,
	id: string,
	patch: UpdateCustomer,
	cause: { correlationId: string },
): Promise<Customer> {
	const before = found(await lockCustomer(tx, id), id);
	const attributes =
		patch.attributes === undefined
			? {}
			: { attributes: mergePatch(before.attributes, patch.attributes) };
	const after = await onUniqueViolation(TAKEN, () =>
		updateCustomerRow(tx, id, { ...patch, ...attributes }),
	);
	return tell(tx, found(after, id), 'customer.updated', cause);
}

export async function deleteCustomer(tx: Tx, id: string): Promise<void> {
	if (!(await deleteCustomerRow(tx, id))) throw notFound('customer', id);
}

async function tell(
	tx: Tx,
	customer: Customer,
	type: EventType,
	cause: { correlationId: string },
): Promise<Customer> {
	const aggregate = { type: 'customer', id: customer.id };
	await emit(tx, { type, aggregate, data: customer, ...cause });
	return customer;
}

function found(customer: Customer | undefined, id: string): Customer {
	if (customer === undefined) throw notFound('customer', id);
	return customer;
}
