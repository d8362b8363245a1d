import { emit } from '@autopilot/events';
import type { Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import { toLicense } from './present.ts';
import { endOf, statusOf } from './state.ts';
import { insertHistory } from './history-store.ts';
import { selectSources } from './source-store.ts';
import { type LicensePatch, type LicenseRow, updateLicenseRow } from './store.ts';

/** What a change is made for, and by whom: the name of an API key, or a part of the store. */
export interface Cause {
	correlationId: string;
	actor?: string;
}

/** Tells an event of a licence. Its data is the whole licence and what the event adds, never the key. */
export async function tell(
	tx: Tx,
	license: LicenseRow,
	type: EventType,
	cause: Cause,
	more: Record<string, unknown> = {},
): Promise<void> {
	await emit(tx, {
		type,
		aggregate: { type: 'license', id: license.id },
		data: { ...toLicense(license, new Date()), ...more },
		correlationId: cause.correlationId,
	});
}

export async function note(
	tx: Tx,
	license: { id: string },
	action: string,
	cause: Cause,
	detail: Record<string, unknown> = {},
): Promise<void> {
	await insertHistory(tx, [
		{
			licenseId: license.id,
			action,
			actor: cause.actor ?? 'store',
			detail,
			correlationId: cause.correlationId,
		},
	]);
}

/**
 * Changes a licence that is locked: works out its end and its status anew, notes what came of it and tells it.
 * @param patch  what is changed besides
 */
export async function settle(
	tx: Tx,
	before: LicenseRow,
	patch: LicensePatch,
	cause: Cause,
): Promise<LicenseRow> {
	const wanted = { ...before, ...patch };
	const endsAt = endOf(wanted.expiresAt, wanted.graceUntil, wanted.terms.grace);
	const sources = await selectSources(tx, [before.orderId, before.orderLineId]);
	const { status, reason } = statusOf({ ...wanted, endsAt }, sources, new Date());
	const after = await updateLicenseRow(tx, before.id, {
		...patch,
		endsAt,
		status,
		statusReason: reason,
	});
	const type = eventOf(before, after);
	if (type === undefined) return after;
	await note(tx, after, type.slice('license.'.length), cause, {
		from: before.status,
		to: after.status,
		...(after.statusReason === null ? {} : { reason: after.statusReason }),
	});
	await tell(tx, after, type, cause);
	return after;
}

function eventOf(before: LicenseRow, after: LicenseRow): EventType | undefined {
	const longer =
		before.expiresAt !== null && (after.expiresAt === null || after.expiresAt > before.expiresAt);
	if (before.status === after.status) {
		// A later end is no news to who must not use it.
		return longer && after.status !== 'revoked' ? 'license.renewed' : undefined;
	}
	switch (after.status) {
		case 'suspended':
			return 'license.suspended';
		case 'revoked':
			return 'license.revoked';
		case 'expired':
			return 'license.expired';
		case 'active':
			return before.status === 'expired' && longer ? 'license.renewed' : 'license.reinstated';
	}
}
