import { type App, callerOf, type Command } from '@autopilot/http';
import type { LicenseKeys } from '../key.ts';
import { importLicenses } from './import.ts';
import * as schema from './schema.ts';

// A thousand rows with what a seller may know of each.
const IMPORT_BYTES = 8 * 1024 * 1024;

export function licenseImportRoutes(
	app: App,
	{ command, keys }: { command: Command; keys: LicenseKeys },
): void {
	app.post(
		'/api/v1/licenses/import',
		{
			bodyLimit: IMPORT_BYTES,
			config: { scope: 'licenses:write' },
			schema: {
				tags: ['licenses'],
				summary: 'Import up to 1000 licences, with their keys or new ones',
				description:
					'Answers each row: created, existing, or rejected with the reasons. Rows with an externalId may be sent again.',
				body: schema.importLicenses,
				response: { 200: schema.importResult },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const cause = { correlationId: request.id, actor: callerOf(request).name };
				return { status: 200, body: await importLicenses(tx, request.body, keys, cause) };
			}),
	);
}
