import type { Database } from '@autopilot/postgres';
import type { GatewayEvent } from '../gateways/gateway.ts';
import { INBOX_CHANNEL, insertEvents } from './store.ts';

type Incoming = GatewayEvent & { gateway: string };

interface Waiting {
	event: Incoming;
	resolve: () => void;
	reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 100;
// NOTIFY takes a lock that all commits of a database queue up for: one wakes a worker as well as a hundred do.
const WAKE_EVERY_MS = 20;

/** Takes in what gateways post. */
export interface Inbox {
	/** Resolves when the event is on disk: the time to answer 200. */
	accept(event: Incoming): Promise<void>;
}

/** Events that come while others are being written are written together, with one commit. */
export function createInbox(db: Database): Inbox {
	let waiting: Waiting[] = [];
	let writing = false;
	let wakeTimer: NodeJS.Timeout | undefined;

	const wake = () => {
		wakeTimer ??= setTimeout(() => {
			wakeTimer = undefined;
			// A lost wake-up costs a second: workers also look by themselves.
			db.query('SELECT pg_notify($1, $2)', [INBOX_CHANNEL, '']).catch(() => undefined);
		}, WAKE_EVERY_MS).unref();
	};
	const write = async () => {
		writing = true;
		while (waiting.length > 0) {
			const batch = waiting.slice(0, MOST_AT_ONCE);
			waiting = waiting.slice(MOST_AT_ONCE);
			try {
				await insertEvents(
					db,
					batch.map(({ event }) => event),
					'webhook',
				);
				for (const { resolve } of batch) resolve();
				wake();
			} catch (error) {
				for (const { reject } of batch) reject(error);
			}
		}
		writing = false;
	};
	return {
		accept: (event) =>
			new Promise((resolve, reject) => {
				waiting.push({ event, resolve, reject });
				if (!writing) void write();
			}),
	};
}
