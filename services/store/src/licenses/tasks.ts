import type { Database } from '@autopilot/postgres';
import type { Task } from '../schedule/schedule.ts';
import { deleteOldUsage } from '../usage/store.ts';
import { settle, tell } from './settle.ts';
import { claimExpiring, lockEnded } from './expiry-store.ts';

const MINUTE_MS = 60_000;
const BATCH = 100;
/** Days before the end on which `license.expiring` is told, once each. */
export const EXPIRING_DAYS = [14, 3] as const;

/** What the worker does for licences from time to time; each may run in several workers at once. */
export const licenseTasks: Task[] = [
	{
		name: 'license-expiry',
		everyMs: MINUTE_MS,
		run: async (db) => void (await expireLicenses(db)),
	},
	{
		name: 'license-expiring',
		everyMs: 10 * MINUTE_MS,
		run: async (db) => void (await tellExpiring(db)),
	},
	{ name: 'license-usage-cleaning', everyMs: 60 * MINUTE_MS, run: deleteOldUsage },
];

/** active -> expired for licences whose grace is over; tells `license.expired`. @returns how many */
export async function expireLicenses(db: Database): Promise<number> {
	let total = 0;
	for (;;) {
		const expired = await db.transaction(async (tx) => {
			let moved = 0;
			for (const license of await lockEnded(tx, BATCH)) {
				const correlationId = `license-expiry-${license.id}`;
				const after = await settle(tx, license, {}, { correlationId, actor: 'schedule' });
				// By a clock that is behind the database's it may not have ended yet: the next turn finds it.
				if (after.status !== 'active') moved++;
			}
			return moved;
		});
		total += expired;
		if (expired < BATCH) return total;
	}
}

/** Tells `license.expiring` with `daysLeft` 14 and 3, once each for one end. @returns how many were told */
export async function tellExpiring(db: Database): Promise<number> {
	let told = 0;
	for (const daysLeft of [...EXPIRING_DAYS].sort((a, b) => a - b)) {
		for (;;) {
			const claimed = await db.transaction(async (tx) => {
				const licenses = await claimExpiring(tx, daysLeft, BATCH);
				for (const license of licenses) {
					const correlationId = `license-expiring-${license.id}-${daysLeft}`;
					await tell(tx, license, 'license.expiring', { correlationId }, { daysLeft });
				}
				return licenses.length;
			});
			told += claimed;
			if (claimed < BATCH) break;
		}
	}
	return told;
}
