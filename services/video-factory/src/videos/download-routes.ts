import { type App, notFound, Problem } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { sendFile, type LinkSigner, type Storage } from '@autopilot/storage';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fileNames } from './schema.ts';
import { findVideo } from './store.ts';
import { downloadPath, fileKey, fileNameOf } from './videos.ts';

const URL_PATTERN = '/api/v1/video/download/:task_id';
const params = z.object({ task_id: z.uuid() });
const file = z.enum(fileNames).default('video');
const signed = z.object({ file, expires: z.string(), signature: z.string() });

/**
 * The files of a video, with ranges. One address, two ways in: an API key, or the signature of a link. The router
 * keeps them apart by the query, so that a request with neither meets the usual check of keys.
 */
export function downloadRoutes(
	app: App,
	{ db, storage, links }: { db: Database; storage: Storage; links: LinkSigner },
): void {
	const send = async (
		request: FastifyRequest,
		reply: FastifyReply,
		wanted: { id: string; file: z.output<typeof file> },
	) => {
		const row = await findVideo(db, wanted.id);
		if (row === undefined || row.state !== 'succeeded') throw notFound('finished video', wanted.id);
		const key = fileKey(wanted.id, wanted.file);
		return sendFile(request, reply, { storage, key, fileName: fileNameOf(wanted.id, wanted.file) });
	};
	app.addConstraintStrategy({
		name: 'signedLink',
		mustMatchWhenDerived: false,
		storage() {
			const handlers = new Map<unknown, unknown>();
			return {
				get: (key) => (handlers.get(key) ?? null) as never,
				set: (key, handler) => void handlers.set(key, handler),
			};
		},
		deriveConstraint: (request) => (/[?&]signature=/.test(request.url ?? '') ? true : undefined),
	});
	app.get(
		URL_PATTERN,
		{
			config: { scope: 'videos:read' },
			schema: {
				tags: ['videos'],
				summary: 'Download the video, its poster or its subtitles (Range; key or signed link)',
				params,
				querystring: z.object({ file }),
			},
		},
		(request, reply) =>
			send(request, reply, { id: request.params.task_id, file: request.query.file }),
	);
	app.get(
		URL_PATTERN,
		{
			constraints: { signedLink: true },
			config: { public: true },
			schema: { hide: true, params, querystring: signed },
		},
		(request, reply) => {
			const { task_id: id } = request.params;
			if (!links.verify(downloadPath(id), request.query)) throw linkInvalid();
			return send(request, reply, { id, file: request.query.file });
		},
	);
}

export function linkInvalid(): Problem {
	return new Problem({
		status: 403,
		code: 'link_invalid',
		detail: 'The link has expired or was changed. Ask the status of the video for a new one.',
	});
}
