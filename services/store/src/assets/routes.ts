import { Readable } from 'node:stream';
import {
	type App,
	type Command,
	notFound,
	pageOf,
	pageQuery,
	Problem,
	toPage,
} from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Storage } from '@autopilot/storage';
import { z } from 'zod';
import { asset, uploadAsset as uploadQuery } from './schema.ts';
import { deleteAssetRow, findAsset, selectAssets, toAsset } from './store.ts';
import { uploadAsset } from './upload.ts';

const tags = ['assets'];
const params = z.object({ id: z.uuid() });

/** Files that buyers of a product may download. */
export function assetRoutes(
	app: App,
	{ db, command, storage }: { db: Database; command: Command; storage: Storage },
): void {
	void app.register(async (uploads: App) => {
		// Whatever the file is, its bytes are what is kept; nothing of it is parsed here.
		uploads.removeAllContentTypeParsers();
		uploads.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
		uploads.post(
			'/api/v1/products/:id/assets',
			{
				config: { scope: 'assets:write', upload: true },
				schema: {
					tags,
					summary: 'Upload a file of a version; the body is the file itself',
					description:
						'Any content type, but no form. The same bytes again answer 200 with the asset that is there.',
					params,
					querystring: uploadQuery,
					response: { 200: asset, 201: asset },
				},
			},
			async ({ params: { id }, query, body, headers }, reply) => {
				const isForm = headers['content-type']?.startsWith('multipart/') ?? false;
				if (isForm || !(body instanceof Readable)) {
					throw new Problem({
						status: 415,
						code: 'asset_expected',
						detail:
							'Send the bytes of the file as the body, not as a form: curl --data-binary @FILE.',
					});
				}
				const made = await uploadAsset({ db, storage }, id, query, body);
				reply.code(made.created ? 201 : 200);
				return toAsset(made.asset);
			},
		);
	});
	app.get(
		'/api/v1/products/:id/assets',
		{
			config: { scope: 'assets:read' },
			schema: {
				tags,
				summary: 'List the files of a product, the newest first',
				params,
				querystring: z.object({ ...pageQuery, cursor: z.uuid().optional() }),
				response: { 200: pageOf(asset) },
			},
		},
		async ({ params: { id }, query }) => {
			const rows = await selectAssets(db, id, query);
			return toPage(rows.map(toAsset), query.limit, (row) => row.id);
		},
	);
	app.get(
		'/api/v1/assets/:id',
		{
			config: { scope: 'assets:read' },
			schema: { tags, summary: 'Get an asset', params, response: { 200: asset } },
		},
		async ({ params: { id } }) => {
			const row = await findAsset(db, id);
			if (row === undefined) throw notFound('asset', id);
			return toAsset(row);
		},
	);
	app.delete(
		'/api/v1/assets/:id',
		{
			config: { scope: 'assets:write' },
			schema: {
				tags,
				summary: 'Delete a file; links to it end',
				params,
				response: { 204: z.undefined() },
			},
		},
		async (request, reply) => {
			let storageKey: string | undefined;
			const answer = await command(request, reply, async (tx) => {
				const row = await deleteAssetRow(tx, request.params.id);
				if (row === undefined) throw notFound('asset', request.params.id);
				({ storageKey } = row);
				return { status: 204 };
			});
			// After the commit: a row without its bytes would be worse than bytes without a row.
			if (storageKey !== undefined) await storage.delete(storageKey);
			return answer;
		},
	);
}
