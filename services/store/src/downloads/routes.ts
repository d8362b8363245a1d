import {
	type App,
	callerOf,
	type Command,
	type RunCommand,
	notFound,
	pageOf,
	pageQuery,
	toPage,
} from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { sendFile, type Storage } from '@autopilot/storage';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { asset } from '../assets/schema.ts';
import { licenseKey } from '../devices/schema.ts';
import { unknownKey, usableLicense } from '../devices/devices.ts';
import type { Door } from '../licenses/doors.ts';
import { hashKey } from '../licenses/key.ts';
import { tellLimitReached } from '../licenses/limit-reached.ts';
import type { Cause } from '../licenses/settle.ts';
import { findLicense, findLicenseByKey } from '../licenses/store.ts';
import { assetsFor, DownloadLimit, issueDownload, type LinkMaker, openLink } from './downloads.ts';
import * as schema from './schema.ts';
import { selectDownloads, sumDownloads } from './store.ts';
import type { Transfers } from './transfers.ts';

interface Parts extends LinkMaker {
	db: Database;
	command: Command;
	storage: Storage;
	doors: Door[];
	transfers: Transfers;
}

const tags = ['downloads'];
const { download } = schema;

/** Links to files of what was bought, and the files themselves. */
export function downloadRoutes(app: App, parts: Parts): void {
	const { db, command, storage, links } = parts;
	const issue = async (
		request: FastifyRequest,
		reply: FastifyReply,
		{ run, input, cause }: { run: RunCommand; input: schema.IssueDownload; cause: Cause },
	) => {
		let full: string | undefined;
		try {
			return await run(request, reply, async (tx) => {
				const made = await issueDownload(tx, input, parts, cause).catch((error: unknown) => {
					if (error instanceof DownloadLimit) full = error.licenseId;
					throw error;
				});
				return { status: made.created ? 201 : 200, body: made.download };
			});
		} finally {
			if (full !== undefined) {
				await tellLimitReached(db, full, 'download.limit_reached', 'downloads', cause);
			}
		}
	};
	app.post(
		'/api/v1/downloads',
		{
			config: { scope: 'downloads:write' },
			schema: {
				tags,
				summary: 'Get a link to a file; an unfinished one is given again and not counted',
				body: schema.issueDownload,
				response: { 200: download, 201: download },
			},
		},
		(request, reply) => {
			const cause = { correlationId: request.id, actor: callerOf(request).name };
			return issue(request, reply, { run: command, input: request.body, cause });
		},
	);
	for (const door of parts.doors.filter(({ isPublic }) => isPublic)) {
		app.post(
			`${door.path}/downloads`,
			{
				config: door.config('downloads:write', 60),
				schema: {
					tags: door.tags,
					summary: 'Get a link to a file of what was bought',
					body: schema.issueDownloadByKey,
					response: { 200: download, 201: download },
				},
			},
			(request, reply) =>
				issue(request, reply, {
					run: door.run,
					input: request.body,
					cause: door.causeOf(request),
				}),
		);
	}
	for (const door of parts.doors) {
		app.post(
			`${door.path}/assets`,
			{
				config: door.config('licenses:validate', 60),
				schema: {
					tags: door.tags,
					summary: 'Files that a licence may download, the newest first',
					body: z.object({ key: licenseKey }),
					response: { 200: z.object({ data: z.array(asset) }) },
				},
			},
			async ({ body: { key } }) => {
				const license = await findLicenseByKey(db, hashKey(key));
				if (license === undefined) throw unknownKey();
				return { data: await assetsFor(db, usableLicense(license)) };
			},
		);
	}
	app.get(
		'/downloads/:id/*',
		{
			config: { public: true },
			schema: {
				tags,
				summary: 'The file of a link; ranges are served and not counted again',
				params: z.object({ id: z.uuid(), '*': z.string().max(300) }),
				querystring: z.object({ expires: z.string().optional(), signature: z.string().optional() }),
			},
		},
		async (request, reply) => {
			const { id, '*': fileName } = request.params;
			const row = await openLink(db, { id, fileName, query: request.query }, links);
			const cause = { correlationId: request.id, actor: 'buyer' };
			reply.header('cache-control', 'private, no-store');
			return sendFile(request, reply, {
				storage: parts.transfers.counted(storage, row, reply, cause),
				key: row.storageKey,
				fileName: row.fileName,
				contentType: row.contentType,
				disposition: 'attachment',
			});
		},
	);
	app.get(
		'/api/v1/licenses/:id/downloads',
		{
			config: { scope: 'licenses:read' },
			schema: {
				tags,
				summary: 'Links that a licence was given, what was served of them, and the sum',
				params: z.object({ id: z.uuid() }),
				querystring: z.object({ ...pageQuery, cursor: z.uuid().optional() }),
				response: {
					200: pageOf(schema.downloadRecord).extend({
						total: z.object({ issued: z.int(), completed: z.int(), bytesServed: z.int() }),
					}),
				},
			},
		},
		async ({ params: { id }, query }) => {
			if ((await findLicense(db, id)) === undefined) throw notFound('license', id);
			const page = toPage(await selectDownloads(db, id, query), query.limit, (row) => row.id);
			return { ...page, total: await sumDownloads(db, id) };
		},
	);
}
