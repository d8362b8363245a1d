import type { App } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Door } from '../licenses/doors.ts';
import type { SigningKeys } from '../signing-keys/signing-keys.ts';
import { issueFile, revocations } from './files.ts';
import { licenseFile, requestFile, type RevocationList, revocationList } from './schema.ts';

/** However many ask, the list is made once in so many milliseconds. */
const LIST_REMEMBERED_MS = 5000;

/** Licence files for use offline, and the list of those that are revoked. */
export function licenseFileRoutes(
	app: App,
	{ db, doors, signing }: { db: Database; doors: Door[]; signing: SigningKeys },
): void {
	for (const door of doors) {
		app.post(
			`${door.path}/files`,
			{
				config: door.config('licenses:files', 60),
				schema: {
					tags: door.tags,
					summary: 'Get a signed licence file, to be checked offline',
					body: requestFile,
					response: { 201: licenseFile },
				},
			},
			async (request, reply) => {
				const signer = await signing.signer();
				return door.run(request, reply, async (tx) => ({
					status: 201,
					body: await issueFile(tx, request.body, signer),
				}));
			},
		);
	}
	let known: { list: Promise<RevocationList>; until: number } | undefined;
	app.get(
		'/.well-known/license-revocations',
		{
			config: { public: true },
			schema: {
				tags: ['signing keys'],
				summary: 'Signed list of revoked licences and files',
				response: { 200: revocationList },
			},
		},
		async (_request, reply) => {
			if (known === undefined || known.until < Date.now()) {
				const list = signing.signer().then((signer) => revocations(db, signer));
				known = { list, until: Date.now() + LIST_REMEMBERED_MS };
				// A failure is not remembered.
				list.catch(() => {
					known = undefined;
				});
			}
			reply.header('cache-control', 'public, max-age=60');
			return known.list;
		},
	);
}
