import type { Queryable } from '@autopilot/postgres';
import { countLinks, countRecipients, findExpected } from './audience-store.ts';
import type { Analytics } from './schema.ts';

/** What has become of a campaign, counted from its ledger. */
export async function analyticsOf(db: Queryable, campaignId: string): Promise<Analytics> {
	// Asked before the rows are counted: who is written into the ledger in between is not missed.
	const expected = await findExpected(db, campaignId);
	const counts = await countRecipients(db, campaignId);
	const unwritten = Math.max(0, (expected ?? 0) - counts.audience);
	counts.audience += unwritten;
	counts.pending += unwritten;
	const { openedUnique, openedTotal, openedMachine, ...others } = counts;
	const { clickedUnique, clickedTotal, clickedMachine, ...states } = others;
	const { sent, audience, failed, unsubscribed } = states;
	return {
		...states,
		opened: { unique: openedUnique, total: openedTotal, machine: openedMachine },
		clicked: { unique: clickedUnique, total: clickedTotal, machine: clickedMachine },
		rates: {
			openedOfSent: share(openedUnique, sent),
			clickedOfSent: share(clickedUnique, sent),
			clickedOfOpened: share(clickedUnique, openedUnique),
			unsubscribedOfSent: share(unsubscribed, sent),
			failedOfAudience: share(failed, audience),
		},
		links: await countLinks(db, campaignId),
		updatedAt: new Date().toISOString(),
	};
}

function share(part: number, whole: number): number | null {
	return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
