import { createHash } from 'node:crypto';
import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageType } from '../images/image-type.ts';
import { FfmpegError, type Ffmpeg } from '../adapters/ffmpeg.ts';
import { isMissing } from './cache.ts';
import type { Picture } from './stills.ts';

const MAX_PIXELS = 50_000_000;
const MIN_SIDE = 64;
const ATTEMPTS = 2;

/** Gets the bytes behind an http(s) URL; guards against private addresses, size and time. */
export type FetchPicture = (url: string, signal?: AbortSignal) => Promise<Buffer>;

/** A picture that cannot be used; the message goes to the caller. */
export class PictureError extends Error {
	constructor(message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'PictureError';
	}
}

export interface PictureDesk {
	fetchPicture: FetchPicture;
	ffmpeg: Ffmpeg;
	/** Folder of the job; a restarted job finds its pictures there and renders the same frames. */
	folder: string;
	signal?: AbortSignal | undefined;
}

/** @throws PictureError when the URL is not http(s), cannot be fetched or holds no usable image. */
export async function fetchPictureFile(url: string, desk: PictureDesk): Promise<Picture> {
	const protocol = URL.parse(url)?.protocol;
	if (protocol !== 'http:' && protocol !== 'https:') {
		throw new PictureError(
			`${url.slice(0, 80)} is not an http(s) URL: upload it to /api/v1/video/images`,
		);
	}
	const name = createHash('sha256').update(url).digest('hex').slice(0, 24);
	const file = join(desk.folder, `picture-${name}`);
	if (!(await exists(file))) {
		const bytes = await fetchAgain(url, desk);
		await writeFile(`${file}.part`, bytes);
		await rename(`${file}.part`, file);
	}
	const bytes = await readFile(file);
	return checkPicture(file, bytes, desk.ffmpeg, url);
}

async function fetchAgain(url: string, desk: PictureDesk): Promise<Buffer> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await desk.fetchPicture(url, desk.signal);
		} catch (cause) {
			if (desk.signal?.aborted) throw cause;
			if (attempt < ATTEMPTS) continue;
			const reason = cause instanceof Error ? cause.message : String(cause);
			throw new PictureError(`${url} could not be fetched: ${reason}`, { cause });
		}
	}
}

/** Reads type and size from the bytes themselves. @throws PictureError */
export async function checkPicture(
	file: string,
	bytes: Uint8Array,
	ffmpeg: Ffmpeg,
	source: string,
): Promise<Picture> {
	const type = imageType(bytes);
	if (!type) throw new PictureError(`${source} is not a JPEG, PNG or WebP image`);
	let size: { width?: number | undefined; height?: number | undefined } | undefined;
	try {
		const probe = await ffmpeg.probe(file, ['-f', type.demuxer]);
		size = probe.streams[0];
	} catch (cause) {
		if (!(cause instanceof FfmpegError)) throw cause;
		throw new PictureError(`${source} is damaged: it cannot be read as ${type.name}`, { cause });
	}
	const width = size?.width ?? 0;
	const height = size?.height ?? 0;
	if (width < MIN_SIDE || height < MIN_SIDE || width * height > MAX_PIXELS) {
		throw new PictureError(
			`${source} is ${width}x${height}: sides must have at least ${MIN_SIDE} pixels, and 50 megapixels are the limit`,
		);
	}
	const hash = createHash('sha256').update(bytes).digest('hex');
	return { file, hash, width, height, demuxer: type.demuxer };
}

async function exists(file: string): Promise<boolean> {
	try {
		await access(file);
		return true;
	} catch (error) {
		if (isMissing(error)) return false;
		throw error;
	}
}
