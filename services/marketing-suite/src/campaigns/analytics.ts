import type { Queryable } from '@autopilot/postgres';
import { countLinks, countRecipients } from './audience-store.ts';
import type { Analytics } from './schema.ts';

/** What has become of a campaign, counted from its ledger. */
export async function analyticsOf(db: Queryable, campaignId: string): Promise<Analytics> {
	const counts = await countRecipients(db, campaignId);
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
