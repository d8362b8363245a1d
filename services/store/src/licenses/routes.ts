import {
	type App,
	callerOf,
	type Command,
	notFound,
	pageOf,
	pageQuery,
	toPage,
} from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createLicense } from './create.ts';
import { hashKey, type LicenseKeys } from './key.ts';
import * as licenses from './licenses.ts';
import { toLicense } from './present.ts';
import * as schema from './schema.ts';
import type { Cause } from './settle.ts';
import { selectHistory } from './history-store.ts';
import { findLicense, selectLicenses } from './store.ts';

const tags = ['licenses'];
const read = { scope: 'licenses:read' };
const write = { scope: 'licenses:write' };
const params = z.object({ id: z.uuid() });
const { license, issuedLicense } = schema;

/** Licences as their seller sees them. */
export function licenseRoutes(
	app: App,
	{ db, command, keys }: { db: Database; command: Command; keys: LicenseKeys },
): void {
	app.post(
		'/api/v1/licenses',
		{
			config: write,
			schema: {
				tags,
				summary: 'Issue a licence, or import one with its key',
				description:
					'201 with the key; 200, without it, when the line of the order has its licence.',
				body: schema.createLicense,
				response: { 200: license, 201: issuedLicense },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => {
				const made = await createLicense(tx, request.body, keys, causeOf(request));
				const shown = toLicense(made.license, new Date());
				// Who may issue may not for that see the keys of others: /reveal has a scope of its own.
				if (!made.created) return { status: 200, body: shown };
				return { status: 201, body: { ...shown, key: keys.reveal(made.license) ?? '' } };
			}),
	);
	app.get(
		'/api/v1/licenses',
		{
			config: read,
			schema: {
				tags,
				summary: 'List licences, the newest first',
				querystring: schema.listLicenses,
				response: { 200: pageOf(license) },
			},
		},
		async ({ query: { key, ...filter } }) => {
			const keyHash = key === undefined ? null : hashKey(key);
			const rows = await selectLicenses(db, { ...filter, keyHash });
			const now = new Date();
			return toPage(
				rows.map((row) => toLicense(row, now)),
				filter.limit,
				(row) => row.id,
			);
		},
	);
	app.get(
		'/api/v1/licenses/:id',
		{
			config: read,
			schema: { tags, summary: 'Get a licence', params, response: { 200: license } },
		},
		({ params: { id } }) => licenses.getLicense(db, id),
	);
	app.patch(
		'/api/v1/licenses/:id',
		{
			config: write,
			schema: {
				tags,
				summary: 'Change limits and terms of one licence',
				params,
				body: schema.updateLicense,
				response: { 200: license },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await licenses.updateLicense(tx, request.params.id, request.body, causeOf(request)),
			})),
	);
	for (const [action, run, summary] of [
		['suspend', licenses.suspendLicense, 'Suspend a licence until it is reinstated'],
		['revoke', licenses.revokeLicense, 'Revoke a licence'],
		['reinstate', licenses.reinstateLicense, 'End all holds of a licence'],
	] as const) {
		app.post(
			`/api/v1/licenses/:id/${action}`,
			{
				config: write,
				schema: { tags, summary, params, body: schema.holdLicense, response: { 200: license } },
			},
			(request, reply) =>
				command(request, reply, async (tx) => ({
					status: 200,
					body: await run(tx, request.params.id, request.body, causeOf(request)),
				})),
		);
	}
	app.post(
		'/api/v1/licenses/:id/renew',
		{
			config: write,
			schema: {
				tags,
				summary: 'Move the end of a licence',
				params,
				body: schema.renewLicense,
				response: { 200: license },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await licenses.renewLicense(tx, request.params.id, request.body, causeOf(request)),
			})),
	);
	app.post(
		'/api/v1/licenses/:id/transfer',
		{
			config: write,
			schema: {
				tags,
				summary: 'Give a licence to somebody else',
				params,
				body: schema.transferLicense,
				response: { 200: license.extend({ key: z.string().optional() }) },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await licenses.transferLicense(
					tx,
					request.params.id,
					request.body,
					keys,
					causeOf(request),
				),
			})),
	);
	for (const [action, scope, run, summary] of [
		['rotate', 'licenses:write', licenses.rotateLicense, 'Give a licence a new key'],
		[
			'reveal',
			'licenses:reveal',
			licenses.revealLicense,
			'Show the key once more; it is noted who asked',
		],
	] as const) {
		app.post(
			`/api/v1/licenses/:id/${action}`,
			{ config: { scope }, schema: { tags, summary, params, response: { 200: issuedLicense } } },
			(request, reply) =>
				command(request, reply, async (tx) => ({
					status: 200,
					body: await run(tx, request.params.id, keys, causeOf(request)),
				})),
		);
	}
	app.post(
		'/api/v1/licenses/:id/resend',
		{
			config: write,
			schema: {
				tags,
				summary: 'Tell license.resent, for the flow that mails keys',
				params,
				response: { 200: license },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await licenses.resendLicense(tx, request.params.id, causeOf(request)),
			})),
	);
	app.get(
		'/api/v1/licenses/:id/history',
		{
			config: read,
			schema: {
				tags,
				summary: 'What was done with a licence, and by whom; the newest first',
				params,
				querystring: z.object({ ...pageQuery, cursor: z.uuid().optional() }),
				response: { 200: pageOf(schema.historyEntry) },
			},
		},
		async ({ params: { id }, query }) => {
			if ((await findLicense(db, id)) === undefined) throw notFound('license', id);
			return toPage(await selectHistory(db, id, query), query.limit, (row) => row.id);
		},
	);
}

function causeOf(request: FastifyRequest): Cause {
	return { correlationId: request.id, actor: callerOf(request).name };
}
