import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Gateways } from '../gateways/gateways.ts';
import type { Task } from '../schedule/schedule.ts';
import { closePage, pagesToClose } from './checkout-store.ts';

const BATCH = 20;

interface Parts {
	gateways: Gateways;
	logger: Logger;
}

export function paymentTasks(parts: Parts): Task[] {
	return [{ name: 'payments.close-pages', everyMs: 10_000, run: (db) => closePages(db, parts) }];
}

/** Closes the pay pages of orders that are cancelled or expired, at the gateway too, so that nobody pays in vain. */
export async function closePages(db: Database, { gateways, logger }: Parts): Promise<void> {
	for (const { id, gateway, sessionRef } of await pagesToClose(db, BATCH)) {
		try {
			if (sessionRef !== null) await gateways.pick(gateway).expireCheckout(sessionRef);
			await closePage(db, id, { status: 'expired' });
		} catch (error) {
			// Should somebody pay meanwhile, the payment is rejected and goes back.
			logger.warn({ err: error, payment: id }, 'a pay page could not be closed');
		}
	}
}
