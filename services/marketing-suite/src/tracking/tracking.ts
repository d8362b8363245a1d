import { emit } from '@autopilot/events';
import type { Database, Tx } from '@autopilot/postgres';
import { unsubscribeContact } from '../contacts/contacts.ts';
import type { EventType } from '../event-types.ts';
import { countClick, countOpen, countUnsubscribe, type TrackedEmail } from './store.ts';
import type { Token } from './tokens.ts';

/** What is known of the request behind an open or click. */
export interface Visit {
	/** A scanner or prefetch: counted apart, and told to nobody. */
	machine: boolean;
	correlationId: string;
}

export async function trackOpen(db: Database, { recipientId }: Token, visit: Visit): Promise<void> {
	await db.transaction(async (tx) => {
		const email = await countOpen(tx, recipientId, visit.machine);
		if (email?.first === true) await tell(tx, email, 'email.opened', visit);
	});
}

/** @param url  where the link leads, as told by the event */
export async function trackClick(
	db: Database,
	{ recipientId, number }: Token,
	{ url, ...visit }: Visit & { url: string },
): Promise<void> {
	await db.transaction(async (tx) => {
		const email = await countClick(tx, recipientId, { number, machine: visit.machine });
		if (email?.opened === true) await tell(tx, email, 'email.opened', visit);
		if (email?.first === true) await tell(tx, email, 'email.clicked', { ...visit, url });
	});
}

/** Unsubscribes who got the mail, from everything. Again changes nothing. */
export async function unsubscribe(
	db: Database,
	{ recipientId }: Token,
	{ correlationId, source }: { correlationId: string; source: string },
): Promise<void> {
	await db.transaction(async (tx) => {
		const email = await countUnsubscribe(tx, recipientId);
		if (email?.contactId == null) return;
		if (email.first) {
			await tell(tx, email, 'email.unsubscribed', { machine: false, correlationId });
		}
		await unsubscribeContact(tx, email.contactId, { correlationId, source });
	});
}

async function tell(
	tx: Tx,
	{ first: _first, recipientId, campaignId, contactId, email }: TrackedEmail,
	type: EventType,
	{ correlationId, url }: Visit & { url?: string },
): Promise<void> {
	await emit(tx, {
		type,
		aggregate: { type: 'email', id: recipientId },
		data: { recipientId, campaignId, contactId, email, ...(url === undefined ? {} : { url }) },
		correlationId,
	});
}
