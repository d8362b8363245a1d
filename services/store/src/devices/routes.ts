import { type App, notFound } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { z } from 'zod';
import type { Door } from '../licenses/doors.ts';
import { tellLimitReached } from '../licenses/limit-reached.ts';
import { findLicense } from '../licenses/store.ts';
import { verdict } from '../licenses/validate/schema.ts';
import type { Sightings } from '../licenses/validate/sightings.ts';
import { heartbeat } from '../licenses/validate/validate.ts';
import { activateDevice, deactivateDevice, DeviceLimit } from './devices.ts';
import { activateDevice as activateBody, activation, device, licenseKey } from './schema.ts';
import { selectDevices, toDevice } from './store.ts';

const params = z.object({ id: z.uuid() });
const scope = 'licenses:activate';
const withKey = z.object({ key: licenseKey });
const perhapsKey = withKey.partial().default({});

/** Devices that hold a seat of a licence. */
export function deviceRoutes(
	app: App,
	{ db, doors, seen }: { db: Database; doors: Door[]; seen: Sightings },
): void {
	for (const door of doors) {
		app.post(
			`${door.path}/activations`,
			{
				config: door.config(scope, 60),
				schema: {
					tags: door.tags,
					summary: 'Give a device a seat; the same fingerprint gets the same activation',
					description:
						'201 new, 200 known already, 409 `device_limit` with `devices` when no seat is free.',
					body: activateBody,
					response: { 200: activation, 201: activation },
				},
			},
			async (request, reply) => {
				const cause = door.causeOf(request);
				let full: string | undefined;
				try {
					return await door.run(request, reply, async (tx) => {
						const { activation: body, created } = await activateDevice(
							tx,
							request.body,
							cause,
						).catch((error: unknown) => {
							if (error instanceof DeviceLimit) full = error.licenseId;
							throw error;
						});
						return { status: created ? 201 : 200, body };
					});
				} finally {
					if (full !== undefined) {
						await tellLimitReached(db, full, 'license.limit_reached', 'devices', cause);
					}
				}
			},
		);
		app.post(
			`${door.path}/activations/:id/heartbeat`,
			{
				config: door.config(scope, 120),
				schema: {
					tags: door.tags,
					summary: 'Show that a device is alive; answers like validate',
					params,
					body: door.isPublic ? withKey : perhapsKey,
					response: { 200: verdict },
				},
			},
			({ params: { id }, body: { key } }) => heartbeat(db, id, key, seen),
		);
	}
	const [api, open] = doors;
	if (api !== undefined) deleteRoute(app, api);
	if (open !== undefined) deactivateRoute(app, open);
	app.get(
		'/api/v1/licenses/:id/activations',
		{
			config: { scope: 'licenses:read' },
			schema: {
				tags: ['licenses'],
				summary: 'Devices of a licence, those seen longest ago first',
				params,
				response: { 200: z.object({ data: z.array(device) }) },
			},
		},
		async ({ params: { id } }) => {
			if ((await findLicense(db, id)) === undefined) throw notFound('license', id);
			return { data: (await selectDevices(db, id)).map(toDevice) };
		},
	);
}

function deleteRoute(app: App, door: Door): void {
	app.delete(
		`${door.path}/activations/:id`,
		{
			config: door.config(scope, 60),
			schema: {
				tags: door.tags,
				summary: 'Take the seat of a device',
				params,
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			door.run(request, reply, async (tx) => {
				await deactivateDevice(tx, request.params.id, undefined, door.causeOf(request));
				return { status: 204 };
			}),
	);
}

// Not a DELETE: the key that proves it belongs into a body, not into a query that proxies log.
function deactivateRoute(app: App, door: Door): void {
	app.post(
		`${door.path}/activations/:id/deactivate`,
		{
			config: door.config(scope, 60),
			schema: {
				tags: door.tags,
				summary: 'Give the seat of a device back',
				params,
				body: withKey,
				response: { 204: z.undefined() },
			},
		},
		(request, reply) =>
			door.run(request, reply, async (tx) => {
				await deactivateDevice(tx, request.params.id, request.body.key, door.causeOf(request));
				return { status: 204 };
			}),
	);
}
