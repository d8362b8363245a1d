import type { StorageConfig } from './config.ts';
import type { Storage } from './storage.ts';

export { linkSigner, type LinkSigner } from './links.ts';
export { localStorage } from './local.ts';
export {
	assertKey,
	contentTypeOf,
	type Storage,
	StorageKeyError,
	type StoredFile,
} from './storage.ts';
export { sendFile } from './send-file.ts';
export { storageEnvironment, type StorageConfig } from './config.ts';

/** The storage that the environment names: a bucket when S3_BUCKET is set, else a folder. */
export async function openStorage(config: StorageConfig): Promise<Storage> {
	if (config.S3_BUCKET === undefined) {
		const { localStorage: open } = await import('./local.ts');
		return open(config.STORAGE_DIR);
	}
	// The AWS client takes 30 MB and 200 ms to load; who stores in a folder shall not pay for it.
	const { s3Storage } = await import('./s3.ts');
	return s3Storage({ ...config, S3_BUCKET: config.S3_BUCKET });
}
