import { type App, sendJson } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Door } from '../doors.ts';
import { knownLicenses } from './known.ts';
import { question, verdict } from './schema.ts';
import type { Sightings } from './sightings.ts';
import { validate } from './validate.ts';

const DESCRIPTION = `Answers 200 whatever the licence is; branch on \`code\`. The first that holds is told:
unknown_key, wrong_product, revoked, suspended, not_yet_valid, expired, device_required, device_limit, not_activated,
entitlement_missing, grace (valid, but renew), valid.`;

export function validateRoutes(
	app: App,
	{ db, doors, seen }: { db: Database; doors: Door[]; seen: Sightings },
): void {
	const licenses = knownLicenses(db);
	for (const door of doors) {
		app.post(
			`${door.path}/validate`,
			{
				config: door.config('licenses:validate', 120),
				schema: {
					tags: door.tags,
					summary: 'Ask whether a licence may be used',
					description: DESCRIPTION,
					body: question,
					response: { 200: verdict },
				},
			},
			async ({ body }, reply) => sendJson(reply, await validate(licenses, body, seen)),
		);
	}
}
