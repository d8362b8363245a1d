import { Readable } from 'node:stream';
import {
	DeleteObjectCommand,
	GetObjectCommand,
	HeadObjectCommand,
	NotFound,
	S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { StorageConfig } from './config.ts';
import { assertKey, contentTypeOf, type Storage, type StoredFile } from './storage.ts';

/** Files in a bucket of AWS or of anything that speaks S3 (MinIO, Ceph, R2 ...). */
export function s3Storage(config: StorageConfig & { S3_BUCKET: string }): Storage {
	const client = createClient(config);
	const object = (key: string) => {
		assertKey(key);
		return { Bucket: config.S3_BUCKET, Key: key };
	};
	const head = async (key: string): Promise<StoredFile | undefined> => {
		try {
			const found = await client.send(new HeadObjectCommand(object(key)));
			return {
				key,
				size: found.ContentLength ?? 0,
				contentType: found.ContentType ?? contentTypeOf(key),
				modifiedAt: found.LastModified ?? new Date(0),
			};
		} catch (error) {
			if (error instanceof NotFound) return undefined;
			throw error;
		}
	};

	return {
		async put(key, content) {
			// Multipart: parts of a stream that fails are thrown away, the object appears whole or not at all.
			const upload = new Upload({
				client,
				params: { ...object(key), Body: content, ContentType: contentTypeOf(key) },
			});
			await upload.done();
			const stored = await head(key);
			if (stored === undefined) throw new Error(`${key} vanished right after it had been stored.`);
			return stored;
		},
		stat: head,
		async read(key, range) {
			const found = await client.send(
				new GetObjectCommand({
					...object(key),
					...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` }),
				}),
			);
			if (!(found.Body instanceof Readable)) throw new Error(`${key} came without a body.`);
			return found.Body;
		},
		async delete(key) {
			await client.send(new DeleteObjectCommand(object(key)));
		},
	};
}

function createClient(config: StorageConfig): S3Client {
	const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config;
	return new S3Client({
		region: config.S3_REGION,
		maxAttempts: 3,
		requestHandler: { connectionTimeout: 5000, requestTimeout: 60_000 },
		...(config.S3_ENDPOINT === undefined
			? {}
			: { endpoint: config.S3_ENDPOINT, forcePathStyle: true }),
		...(accessKeyId === undefined || secretAccessKey === undefined
			? {}
			: { credentials: { accessKeyId, secretAccessKey } }),
	});
}
