import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Gateways } from '../gateways/gateways.ts';
import type { Task } from '../schedule/schedule.ts';
import { endSubscriptions } from './cancellations.ts';
import { follow, tell } from './effects.ts';
import { endNextGrace } from './store.ts';

export function subscriptionTasks(parts: { gateways: Gateways; logger: Logger }): Task[] {
	return [
		{ name: 'subscriptions.grace', everyMs: 60_000, run: endGraces },
		{ name: 'subscriptions.end', everyMs: 1000, run: (db) => endSubscriptions(db, parts) },
	];
}

/** Subscriptions that have not been paid by the end of their grace are unpaid, whatever the gateway goes on calling them. */
export async function endGraces(db: Database): Promise<void> {
	const endOne = () =>
		db.transaction(async (tx) => {
			const ended = await endNextGrace(tx);
			if (ended === undefined) return false;
			const { subscription, sourceAt } = ended;
			await tell(tx, subscription, 'subscription.unpaid');
			const at = new Date(Math.max(Date.parse(subscription.graceUntil ?? ''), sourceAt.getTime()));
			await follow(tx, subscription, { at, id: `grace:${subscription.id}:${at.getTime()}` });
			return true;
		});
	while (await endOne());
}
