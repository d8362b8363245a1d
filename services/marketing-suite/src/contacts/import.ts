import type { Tx } from '@autopilot/postgres';
import { listIdsOf } from '../lists/lists.ts';
import { insertMembers } from '../lists/store.ts';
import { type Cause, tell } from './contacts.ts';
import {
	type ImportContacts,
	type ImportedContact,
	importedContact,
	type ImportResult,
} from './schema.ts';
import { findContacts, insertConsents, upsertContacts } from './store.ts';

/** Adds or updates the contacts of a list. A row that can't be used is named in the answer and left out. */
export async function importContacts(
	tx: Tx,
	input: ImportContacts,
	cause: Cause,
): Promise<ImportResult> {
	const [listId = ''] = await listIdsOf(tx, [input.listId], '/listId');
	const { accepted, rejected } = sift(input.contacts);
	const rows = await upsertContacts(
		tx,
		accepted.map(({ email, name, attributes }) => ({
			email,
			name: name ?? null,
			attributes: attributes ?? {},
		})),
	);
	const ids = rows.map(({ id }) => id);
	await insertMembers(tx, listId, ids);
	await insertConsents(tx, ids, { ...input.consent, kind: 'given' });
	const created = rows.filter((row) => row.created).map(({ id }) => id);
	for (const contact of await findContacts(tx, created)) {
		await tell(tx, contact, 'contact.created', cause);
	}
	return { created: created.length, updated: rows.length - created.length, rejected };
}

function sift(rows: unknown[]): {
	accepted: ImportedContact[];
	rejected: ImportResult['rejected'];
} {
	const accepted = new Map<string, { index: number; contact: ImportedContact }>();
	const rejected: ImportResult['rejected'] = [];
	rows.forEach((row, index) => {
		const { data: contact, error } = importedContact.safeParse(row);
		if (contact === undefined) {
			const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
			rejected.push({ index, detail: faults.join('; ') });
			return;
		}
		const key = contact.email.toLowerCase();
		const first = accepted.get(key);
		if (first === undefined) accepted.set(key, { index, contact });
		else rejected.push({ index, detail: `email: is the same address as in row ${first.index}` });
	});
	return { accepted: [...accepted.values()].map(({ contact }) => contact), rejected };
}
