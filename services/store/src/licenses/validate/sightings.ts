import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { touchDevices } from '../../devices/store.ts';
import { touchLicenses } from './store.ts';

const EVERY_MS = 5000;

/** Remembers which licences and devices were seen, and writes it down for all of them at once, every few seconds. */
export interface Sightings {
	license(id: string): void;
	device(id: string): void;
	/** Writes down what is not yet, and stops. */
	close(): Promise<void>;
	flush(): Promise<void>;
}

// A write for each question would make the fastest route of the store one of its slowest.
export function sightings(db: Database, logger: Logger): Sightings {
	let licenses = new Set<string>();
	let devices = new Set<string>();
	const flush = async () => {
		const [seenLicenses, seenDevices] = [licenses, devices];
		licenses = new Set();
		devices = new Set();
		// Sorted, so that two processes that write the same rows do not wait for each other in a circle.
		if (seenLicenses.size > 0) await touchLicenses(db, [...seenLicenses].sort());
		if (seenDevices.size > 0) await touchDevices(db, [...seenDevices].sort());
	};
	const timer = setInterval(() => {
		flush().catch((error: unknown) => logger.warn({ err: error }, 'sightings were not written'));
	}, EVERY_MS);
	timer.unref();
	return {
		license: (id) => void licenses.add(id),
		device: (id) => void devices.add(id),
		flush,
		async close() {
			clearInterval(timer);
			await flush();
		},
	};
}
