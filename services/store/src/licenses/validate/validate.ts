import { notFound } from '@autopilot/http';
import type { Queryable } from '@autopilot/postgres';
import { hashFingerprint } from '../../devices/store.ts';
import { selectUsage } from '../../usage/store.ts';
import { hashKey } from '../key.ts';
import { decide, decideJson } from './decide.ts';
import type { KnownLicenses } from './known.ts';
import type { Question, Verdict } from './schema.ts';
import type { Sightings } from './sightings.ts';
import { findByActivation } from './store.ts';

const MINUTE_MS = 60_000;

/**
 * Answers whether a licence may be used; never throws for what a licence may be.
 * @returns the JSON of a {@link Verdict}
 */
export async function validate(
	licenses: KnownLicenses,
	question: Question,
	seen: Sightings,
): Promise<string> {
	const { key, fingerprint, productId, entitlements } = question;
	const fingerprintHash = fingerprint === undefined ? null : hashFingerprint(fingerprint);
	const found = await licenses.find(hashKey(key), fingerprintHash);
	const now = new Date();
	if (found !== undefined && (found.lastValidatedAt?.getTime() ?? 0) < now.getTime() - MINUTE_MS) {
		seen.license(found.id);
		if (found.activationId !== null) seen.device(found.activationId);
	}
	const hasFingerprint = fingerprint !== undefined;
	return decideJson(found, { productId, entitlements, hasFingerprint }, now);
}

/**
 * The same for a device that shows life.
 * @param key  proves that the licence is the caller's; callers with an API key need none
 * @throws {Problem} 404 when the device was deactivated meanwhile
 */
export async function heartbeat(
	db: Queryable,
	activationId: string,
	key: string | undefined,
	seen: Sightings,
): Promise<Verdict> {
	const found = await findByActivation(db, activationId, key === undefined ? null : hashKey(key));
	if (found === undefined) throw notFound('activation', activationId);
	seen.device(activationId);
	const usage = await selectUsage(db, found.id);
	return decide({ ...found, usage }, { entitlements: [], hasFingerprint: true }, new Date());
}
