import { createHash } from 'node:crypto';
import { type App, Problem, unprocessable } from '@autopilot/http';
import { type LinkSigner, sendFile, type Storage } from '@autopilot/storage';
import { z } from 'zod';
import { linkInvalid } from '../videos/download-routes.ts';
import { imageKey, imagePath } from './images.ts';
import { imageType, MAX_IMAGE_BYTES } from './image-type.ts';

/** A day more than a render may wait: what is uploaded is meant for a video that is ordered next. */
const LINK_SECONDS = 7 * 86_400;

/** Pictures for videos, for callers who have bytes instead of a URL. */
export function imageRoutes(
	app: App,
	options: { storage: Storage; links: LinkSigner; publicUrl: string },
): void {
	const { storage, links, publicUrl } = options;
	app.addContentTypeParser(
		/^image\//,
		{ parseAs: 'buffer', bodyLimit: MAX_IMAGE_BYTES },
		(_request, body, done) => done(null, body),
	);
	// Named by its content: the same picture twice is one file, so no idempotency key is needed.
	app.post(
		'/api/v1/video/images',
		{
			bodyLimit: MAX_IMAGE_BYTES,
			config: { scope: 'videos:write', upload: true },
			schema: {
				tags: ['images'],
				summary: 'Upload an image (JPEG, PNG, WebP) to use in a video',
				description: 'The body is the image itself, with its content type.',
				response: { 201: z.object({ url: z.url() }) },
			},
		},
		async ({ body }, reply) => {
			if (!Buffer.isBuffer(body)) {
				throw new Problem({
					status: 415,
					code: 'image_expected',
					detail:
						'Send the bytes of the image with content-type image/jpeg, image/png or image/webp.',
				});
			}
			const type = imageType(body);
			if (type === undefined) {
				throw unprocessable('image_unreadable', 'The body is not a JPEG, PNG or WebP image.');
			}
			const name = `${createHash('sha256').update(body).digest('hex')}.${type.extension}`;
			await storage.put(imageKey(name), body);
			return reply.code(201).send({ url: publicUrl + links.sign(imagePath(name), LINK_SECONDS) });
		},
	);
	app.get(
		'/api/v1/video/images/:name',
		{
			config: { public: true },
			schema: {
				tags: ['images'],
				summary: 'An uploaded image, by its signed link',
				params: z.object({ name: z.string().regex(/^[0-9a-f]{64}\.(jpg|png|webp)$/) }),
				querystring: z.object({ expires: z.string().optional(), signature: z.string().optional() }),
			},
		},
		(request, reply) => {
			const { name } = request.params;
			if (!links.verify(imagePath(name), request.query)) throw linkInvalid();
			return sendFile(request, reply, { storage, key: imageKey(name), fileName: name });
		},
	);
}
