import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { assertKey, contentTypeOf, type Storage, type StoredFile } from './storage.ts';

/** Files below a folder of this machine. */
export function localStorage(directory: string): Storage {
	const root = path.resolve(directory);
	const pathOf = (key: string) => {
		assertKey(key);
		return path.join(root, key);
	};
	const statFile = async (key: string): Promise<StoredFile | undefined> => {
		try {
			const { size, mtime } = await stat(pathOf(key));
			return { key, size, contentType: contentTypeOf(key), modifiedAt: mtime };
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	};

	return {
		async put(key, content) {
			const target = pathOf(key);
			await mkdir(path.dirname(target), { recursive: true });
			// Beside its target, so that the rename stays within one file system and is atomic.
			const part = `${target}.${randomUUID()}.part`;
			try {
				await pipeline(
					Buffer.isBuffer(content) ? Readable.from([content]) : content,
					createWriteStream(part),
				);
				await syncFile(part);
				await rename(part, target);
			} finally {
				await rm(part, { force: true });
			}
			const stored = await statFile(key);
			if (stored === undefined) throw new Error(`${key} vanished right after it had been stored.`);
			return stored;
		},
		stat: statFile,
		async read(key, range) {
			const file = await open(pathOf(key));
			return file.createReadStream(range ?? {});
		},
		async delete(key) {
			await rm(pathOf(key), { force: true });
		},
	};
}

async function syncFile(file: string): Promise<void> {
	const handle = await open(file);
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

function isMissing(error: unknown): boolean {
	return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
