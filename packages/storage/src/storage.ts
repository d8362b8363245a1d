import type { Readable } from 'node:stream';

/** Facts of a stored file. */
export interface StoredFile {
	key: string;
	/** Bytes. */
	size: number;
	contentType: string;
	modifiedAt: Date;
}

/** Files by key, in a folder or a bucket. A key is a relative path such as `videos/0198.../video.mp4`. */
export interface Storage {
	/** Stores the whole stream or, when it fails, nothing. An existing file is replaced at the end, never half. */
	put(key: string, content: Readable | Buffer): Promise<StoredFile>;
	/** Undefined when there is no such file. */
	stat(key: string): Promise<StoredFile | undefined>;
	/** @param range  first and last byte, both included; the whole file without it */
	read(key: string, range?: { start: number; end: number }): Promise<Readable>;
	/** Deleting what is not there is fine. */
	delete(key: string): Promise<void>;
}

/** A key that would leave its folder, or that a file system can't hold. */
export class StorageKeyError extends Error {
	override readonly name = 'StorageKeyError';

	constructor(key: string) {
		super(`"${key}" is not a storage key: use letters, digits, . _ - and / between names.`);
	}
}

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** @throws {StorageKeyError} for absolute paths, `..`, hidden names, empty parts and odd characters */
export function assertKey(key: string): void {
	const valid = key.length <= 512 && key.split('/').every((name) => NAME.test(name));
	if (!valid) throw new StorageKeyError(key);
}

const TYPES: Record<string, string> = {
	mp4: 'video/mp4',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	png: 'image/png',
	webp: 'image/webp',
	srt: 'application/x-subrip',
	vtt: 'text/vtt',
	json: 'application/json',
	html: 'text/html; charset=utf-8',
	pdf: 'application/pdf',
	zip: 'application/zip',
};

/** By the extension; a type that no browser runs when it is unknown. */
export function contentTypeOf(key: string): string {
	return TYPES[key.slice(key.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
