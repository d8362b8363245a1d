import { buffer } from 'node:stream/consumers';
import type { Egress } from '@autopilot/egress';
import type { Storage } from '@autopilot/storage';
import { PictureError, type FetchPicture } from '../videos/pictures.ts';
import { MAX_IMAGE_BYTES } from './image-type.ts';

const FETCH_MS = 20_000;

export function imagePath(name: string): string {
	return `/api/v1/video/images/${name}`;
}

export function imageKey(name: string): string {
	return `images/${name}`;
}

/**
 * Fetches pictures through the guarded way out. Those uploaded here are read from the storage: the service's own
 * address is mostly a private one, which the guard refuses.
 */
export function pictureFetcher(parts: {
	egress: Egress;
	storage: Storage;
	publicUrl: string;
}): FetchPicture {
	const own = parts.publicUrl + imagePath('');
	return async (url, signal) => {
		const name = url.startsWith(own)
			? /^[0-9a-f]{64}\.\w+/.exec(url.slice(own.length))?.[0]
			: undefined;
		if (name !== undefined) {
			if ((await parts.storage.stat(imageKey(name))) === undefined)
				throw new PictureError('the uploaded image is gone; upload it again');
			return buffer(await parts.storage.read(imageKey(name)));
		}
		const { status, body } = await parts.egress.fetch(url, {
			timeoutMs: FETCH_MS,
			maxBytes: MAX_IMAGE_BYTES,
			maxRedirects: 5,
			headers: { accept: 'image/jpeg,image/png,image/webp' },
			...(signal ? { signal } : {}),
		});
		if (status !== 200) throw new PictureError(`the server answered ${status}`);
		return body;
	};
}
