import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { conflict, notFound, Problem } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { contentTypeOf, type Storage } from '@autopilot/storage';
import { productTitle } from '../license-policies/store.ts';
import { newId } from '../licenses/store.ts';
import type { UploadAsset } from './schema.ts';
import { type AssetRow, findAssetByName, insertAsset } from './store.ts';

export const MAX_ASSET_BYTES = 5 * 1024 ** 3;

/**
 * Stores a file of a product while it comes in; it is never in memory as a whole. A file that buyers may have seen is
 * not replaced: the same name in the same version must have the same bytes.
 * @returns the asset, and whether it is new
 */
export async function uploadAsset(
	{ db, storage }: { db: Database; storage: Storage },
	productId: string,
	input: UploadAsset,
	content: Readable,
): Promise<{ asset: AssetRow; created: boolean }> {
	if ((await productTitle(db, productId)) === undefined) throw notFound('product', productId);
	const id = await newId(db);
	const storageKey = `assets/${productId}/${id}`;
	const meter = measure();
	// The storage reads from the meter; both ends are awaited, so that a broken upload fails here.
	await Promise.all([pipeline(content, meter.stream), storage.put(storageKey, meter.stream)]);
	const { size, sha256 } = meter.result();
	const { version, fileName } = input;
	const made = await db.transaction((tx) =>
		insertAsset(tx, {
			id,
			productId,
			version,
			fileName,
			contentType: input.contentType ?? contentTypeOf(fileName),
			size,
			sha256,
			entitlement: input.entitlement ?? null,
			storageKey,
		}),
	);
	if (made !== undefined) return { asset: made, created: true };
	await storage.delete(storageKey);
	const other = await findAssetByName(db, { productId, version, fileName });
	if (other?.sha256 === sha256) return { asset: other, created: false };
	throw conflict(
		'asset_exists',
		`Version ${version} has another file ${fileName}. Upload it as a new version, or delete the old one first.`,
	);
}

function measure() {
	const hash = createHash('sha256');
	let size = 0;
	const stream = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			size += chunk.length;
			hash.update(chunk);
			if (size > MAX_ASSET_BYTES) done(tooLarge());
			else done(null, chunk);
		},
	});
	return { stream, result: () => ({ size, sha256: hash.digest('hex') }) };
}

function tooLarge(): Problem {
	return new Problem({
		status: 413,
		code: 'body_too_large',
		detail: `A file may have ${MAX_ASSET_BYTES} bytes. Split it.`,
	});
}
