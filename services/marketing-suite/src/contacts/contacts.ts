import { emit } from '@autopilot/events';
import { mergePatch, notFound, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import { listIdsOf } from '../lists/lists.ts';
import { insertMembers } from '../lists/store.ts';
import type { Contact, CreateContact, UpdateContact } from './schema.ts';
import {
	eraseContact,
	findContacts,
	insertConsents,
	lockContact,
	markUnsubscribed,
	updateContactRow,
	upsertContacts,
} from './store.ts';

/** What a change is made for: the correlation id of the request. */
export interface Cause {
	correlationId: string;
}

const TAKEN = {
	contacts_email: () =>
		unprocessable('email_taken', 'Another contact has this address. Change that one instead.', [
			{ pointer: '/email', detail: 'is taken' },
		]),
};

export async function getContact(db: Queryable, id: string): Promise<Contact> {
	return found((await findContacts(db, [id]))[0], id);
}

/** Adds a contact, or updates the one that has this address. Who has unsubscribed stays so. */
export async function createContact(
	tx: Tx,
	input: CreateContact,
	cause: Cause,
): Promise<{ contact: Contact; created: boolean }> {
	const lists = await listIdsOf(tx, input.lists, '/lists');
	const { email, name = null, attributes } = input;
	const [row] = await upsertContacts(tx, [{ email, name, attributes }]);
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	await insertConsents(tx, [row.id], { ...input.consent, kind: 'given' });
	for (const list of lists) await insertMembers(tx, list, [row.id]);
	const contact = await getContact(tx, row.id);
	if (row.created) await tell(tx, contact, 'contact.created', cause);
	return { contact, created: row.created };
}

/** Changes what the patch names; `attributes` are merged. */
export async function updateContact(tx: Tx, id: string, patch: UpdateContact): Promise<Contact> {
	const before = found(await lockContact(tx, id), id);
	const attributes =
		patch.attributes === undefined
			? {}
			: { attributes: mergePatch(before.attributes, patch.attributes) };
	await onUniqueViolation(TAKEN, () => updateContactRow(tx, id, { ...patch, ...attributes }));
	if (patch.consent !== undefined) {
		await insertConsents(tx, [id], { ...patch.consent, kind: 'given' });
	}
	return getContact(tx, id);
}

/** Notes that a person wants no more mail; a second time changes nothing. */
export async function unsubscribeContact(
	tx: Tx,
	id: string,
	cause: Cause & { source: string },
): Promise<Contact> {
	const now = await markUnsubscribed(tx, id);
	const contact = await getContact(tx, id);
	if (!now) return contact;
	await insertConsents(tx, [id], { source: cause.source, kind: 'withdrawn' });
	await tell(tx, contact, 'contact.unsubscribed', cause);
	return contact;
}

export async function deleteContact(tx: Tx, id: string): Promise<void> {
	if (!(await eraseContact(tx, id))) throw notFound('contact', id);
}

export async function tell(
	tx: Tx,
	contact: Contact,
	type: EventType,
	{ correlationId }: Cause,
): Promise<void> {
	const aggregate = { type: 'contact', id: contact.id };
	await emit(tx, { type, aggregate, data: contact, correlationId });
}

function found(contact: Contact | undefined, id: string): Contact {
	if (contact === undefined) throw notFound('contact', id);
	return contact;
}
