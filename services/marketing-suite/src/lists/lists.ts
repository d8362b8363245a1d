import { notFound, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { CreateList, List, UpdateList } from './schema.ts';
import {
	deleteListRow,
	deleteMember,
	findList,
	insertList,
	insertMembers,
	listExists,
	resolveListIds,
	updateListRow,
} from './store.ts';

const TAKEN = {
	lists_name: () =>
		unprocessable('list_name_taken', 'Another list has this name. Use that one, or another name.', [
			{ pointer: '/name', detail: 'is taken' },
		]),
};

export async function getList(db: Queryable, id: string): Promise<List> {
	const list = await findList(db, id);
	if (list === undefined) throw notFound('list', id);
	return list;
}

export async function createList(tx: Tx, input: CreateList): Promise<List> {
	return getList(tx, await onUniqueViolation(TAKEN, () => insertList(tx, input)));
}

export async function updateList(tx: Tx, id: string, patch: UpdateList): Promise<List> {
	const found = await onUniqueViolation(TAKEN, () => updateListRow(tx, id, patch));
	if (!found) throw notFound('list', id);
	return getList(tx, id);
}

/** Deletes a list; its contacts stay. */
export async function deleteList(tx: Tx, id: string): Promise<void> {
	if (!(await deleteListRow(tx, id))) throw notFound('list', id);
}

export async function addContacts(
	tx: Tx,
	id: string,
	contactIds: string[],
): Promise<{ added: number }> {
	await assertList(tx, id);
	return { added: await insertMembers(tx, id, contactIds) };
}

export async function removeContact(tx: Tx, id: string, contactId: string): Promise<void> {
	await assertList(tx, id);
	if (!(await deleteMember(tx, id, contactId))) throw notFound('contact on this list', contactId);
}

async function assertList(db: Queryable, id: string): Promise<void> {
	if (!(await listExists(db, id))) throw notFound('list', id);
}

/**
 * Ids of lists that are named by id or by name.
 * @throws {Problem} 422 that points to each unknown one
 */
export async function listIdsOf(tx: Tx, references: string[], pointer: string): Promise<string[]> {
	const known = await resolveListIds(tx, references);
	const unknown = references.flatMap((reference, index) =>
		known.has(reference)
			? []
			: [{ pointer: `${pointer}/${index}`, detail: `there is no list ${reference}` }],
	);
	if (unknown.length === 0) return [...new Set(known.values())];
	throw unprocessable(
		'list_unknown',
		'A list does not exist. Create it first, or check the id or name.',
		unknown,
	);
}
