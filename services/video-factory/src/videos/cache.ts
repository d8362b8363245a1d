import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Files named by the hash of everything that made them; shared by all jobs and workers. */
export interface Cache {
	/** Path of the entry, or undefined. A hit counts as use. */
	find(key: string, extension: string): Promise<string | undefined>;
	/**
	 * Makes an entry: `make` writes to the path it is given (a .part file nobody reads), which is
	 * then renamed, so that a killed worker leaves no half entry.
	 */
	store(key: string, extension: string, make: (part: string) => Promise<void>): Promise<string>;
	/** Removes the entries unused for longest until the rest is under `maxBytes`. */
	prune(maxBytes: number): Promise<void>;
}

export function createCache(folder: string): Cache {
	const pathOf = (key: string, extension: string) =>
		join(folder, key.slice(0, 2), `${key}.${extension}`);
	return {
		async find(key, extension) {
			const path = pathOf(key, extension);
			try {
				const now = new Date();
				await utimes(path, now, now);
				return path;
			} catch (error) {
				if (isMissing(error)) return undefined;
				throw error;
			}
		},
		async store(key, extension, make) {
			const path = pathOf(key, extension);
			await mkdir(join(folder, key.slice(0, 2)), { recursive: true });
			const part = `${path}.${process.pid}-${randomUUID().slice(0, 8)}.part`;
			try {
				await make(part);
				await rename(part, path);
			} finally {
				await rm(part, { force: true });
			}
			return path;
		},
		prune: (maxBytes) => prune(folder, maxBytes),
	};
}

const ABANDONED_MS = 3_600_000;

async function prune(folder: string, maxBytes: number): Promise<void> {
	const entries: { path: string; size: number; usedAt: number }[] = [];
	for (const name of await readdir(folder, { recursive: true })) {
		const path = join(folder, name);
		try {
			const found = await stat(path);
			if (!found.isFile()) continue;
			// Parts of a killed worker; a living one renames its part within minutes.
			if (name.endsWith('.part') && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path);
			else entries.push({ path, size: found.size, usedAt: found.mtimeMs });
		} catch (error) {
			if (!isMissing(error)) throw error; // another worker pruned it first
		}
	}
	let total = entries.reduce((sum, entry) => sum + entry.size, 0);
	for (const entry of entries.sort((a, b) => a.usedAt - b.usedAt)) {
		// What was used in the last hour may belong to a running job.
		if (total <= maxBytes || Date.now() - entry.usedAt < ABANDONED_MS) break;
		await rm(entry.path, { force: true });
		total -= entry.size;
	}
}

export function isMissing(error: unknown): boolean {
	return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

/** sha256 of a value; objects are hashed by their JSON, so keep key order fixed. */
export function keyOf(value: unknown): string {
	return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
