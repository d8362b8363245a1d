import { notFound } from '@autopilot/http';
import type { Queryable } from '@autopilot/postgres';
import { hashFingerprint } from '../../devices/store.ts';
import { hashKey } from '../key.ts';
import { decide } from './decide.ts';
import type { Question, Verdict } from './schema.ts';
import type { Sightings } from './sightings.ts';
import { findByActivation, findByKey } from './store.ts';

/** Answers whether a licence may be used; never throws for what a licence may be. */
export async function validate(
	db: Queryable,
	question: Question,
	seen: Sightings,
): Promise<Verdict> {
	const { key, fingerprint } = question;
	const fingerprintHash = fingerprint === undefined ? null : hashFingerprint(fingerprint);
	const found = await findByKey(db, hashKey(key), fingerprintHash);
	const verdict = decide(
		found,
		{ ...question, hasFingerprint: fingerprint !== undefined },
		new Date(),
	);
	if (verdict.license !== null && found?.stale === true) {
		seen.license(found.id);
		if (found.activationId !== null) seen.device(found.activationId);
	}
	return verdict;
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
	return decide(found, { entitlements: [], hasFingerprint: true }, new Date());
}
