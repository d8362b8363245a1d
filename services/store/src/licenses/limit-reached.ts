import type { Database } from '@autopilot/postgres';
import { type Cause, tell } from './settle.ts';
import { claimTelling, lockLicense } from './store.ts';

/**
 * Tells that somebody ran against a limit, at most once an hour for each licence: who retries in a loop shall not
 * flood the flows. In a transaction of its own, because that of the refused command is rolled back.
 */
export async function tellLimitReached(
	db: Database,
	licenseId: string,
	type: 'license.limit_reached' | 'download.limit_reached',
	limit: string,
	cause: Cause,
): Promise<void> {
	await db.transaction(async (tx) => {
		if (!(await claimTelling(tx, licenseId, limit))) return;
		const license = await lockLicense(tx, licenseId);
		if (license !== undefined) await tell(tx, license, type, cause, { limit });
	});
}
