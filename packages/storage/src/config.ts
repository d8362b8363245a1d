import { z } from 'zod';

/** Environment of a service that keeps files. Spread it into the service's own schema. */
export const storageEnvironment = {
	/** Folder of the files; also where unfinished ones are kept when a bucket is used. */
	STORAGE_DIR: z.string().min(1),
	/** When set, files go to this bucket. */
	S3_BUCKET: z.string().optional(),
	/** Of anything that speaks S3 but is not AWS. */
	S3_ENDPOINT: z.url().optional(),
	S3_REGION: z.string().default('us-east-1'),
	S3_ACCESS_KEY_ID: z.string().optional(),
	S3_SECRET_ACCESS_KEY: z.string().optional(),
};

export type StorageConfig = z.output<z.ZodObject<typeof storageEnvironment>>;
