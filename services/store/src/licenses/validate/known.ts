import type { Queryable } from '@autopilot/postgres';
import { selectUsage } from '../../usage/store.ts';
import { type Found, findFacts, type LicenseFacts, sight } from './store.ts';

const MOST = 10_000;

/** Finds licences by their key. */
export interface KnownLicenses {
	find(keyHash: Buffer, fingerprintHash: Buffer | null): Promise<Found | undefined>;
}

/**
 * Rows that were read stay known by their version. Each question asks the database which version is the present one,
 * so nothing old is ever told: a licence that is revoked has another version. To read and parse the row again took
 * more than all the rest of an answer.
 */
export function knownLicenses(db: Queryable): KnownLicenses {
	const known = new Map<string, { version: string; facts: LicenseFacts }>();
	return {
		async find(keyHash, fingerprintHash) {
			const sighting = await sight(db, keyHash, fingerprintHash);
			if (sighting === undefined) return undefined;
			const { id, version, activationId } = sighting;
			const kept = known.get(id);
			const facts = kept?.version === version ? kept.facts : await read(id);
			return facts === undefined
				? undefined
				: { ...facts, activationId, usage: await usageOf(facts) };
		},
	};

	async function read(id: string): Promise<LicenseFacts | undefined> {
		const row = await findFacts(db, id);
		if (row === undefined) return undefined;
		const { version, ...facts } = row;
		if (known.size >= MOST) known.clear();
		known.set(id, { version, facts });
		return facts;
	}

	function usageOf({ id, terms }: LicenseFacts): Promise<Found['usage']> | Found['usage'] {
		return hasCounters(terms) ? selectUsage(db, id) : [];
	}
}

export function hasCounters({ counters }: LicenseFacts['terms']): boolean {
	for (const _name in counters) return true;
	return false;
}
