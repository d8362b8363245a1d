import { readdirSync, renameSync, statSync, utimesSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../errors.ts';
import { lockHolder, takeLock } from '../lock.ts';
import { openPaths } from './open-paths.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What nobody has used for so long is forgotten; it can be brought or made again. */
const KEPT_MS = 30 * DAY_MS;
/** A draft is renamed when it is whole: one that is a day old was left by a process that died. */
const DRAFT_KEPT_MS = DAY_MS;

// Names that the launcher, the stack and the tests give; whatever else is in the folder is somebody else's.
const OURS = /^(n8n|node|node-package|validators|templates)-|^node-releases$/;
const DRAFTS =
	/^node-package-draft-|^draft-|^node-\d+\.\d+$|^n8n-.+\.(draft|lock)(\.\d+)?$|^removed-|^cache\.lock\.\d+$/;

/** Something in the cache. */
export interface CacheEntry {
	name: string;
	/** When it was last used, as far as that was noted, else when it was made. */
	usedAt: Date;
	/** It goes with the next tidying, unless a process uses it. */
	isOld: boolean;
}

/** What the cache holds; nothing when there is none. */
export function cacheEntries(cache: string, now = Date.now()): CacheEntry[] {
	return namesIn(cache).flatMap((name) => {
		const limit = DRAFTS.test(name) ? DRAFT_KEPT_MS : OURS.test(name) ? KEPT_MS : undefined;
		const usedAt = statSync(path.join(cache, name), { throwIfNoEntry: false })?.mtime;
		if (limit === undefined || usedAt === undefined) return [];
		return [{ name, usedAt, isOld: now - usedAt.getTime() > limit }];
	});
}

/**
 * Says that a folder of the cache is being used from now on. Until a process has something of it open, this note keeps
 * it; after that, the process does.
 * @returns false when it is not there
 */
export async function noteUse(folder: string): Promise<boolean> {
	// Without a cache folder there is no place for a lock either.
	if (statSync(folder, { throwIfNoEntry: false }) === undefined) return false;
	try {
		const release = await lockCache(path.dirname(folder));
		try {
			utimesSync(folder, new Date(), new Date());
		} finally {
			release();
		}
		return true;
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return false;
		// A cache that others look after, and that this user may only read.
		if (NOT_OURS.includes(codeOf(error) ?? '')) return true;
		throw error;
	}
}

const NOT_OURS = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Removes what has not been used for 30 days, and half-written folders of processes that died. What a process of this
 * machine has open stays, however old it is. Safe beside others that tidy, note a use or install.
 * @returns the names that went
 */
export async function tidyCache(cache: string): Promise<string[]> {
	if (!cacheEntries(cache).some(({ isOld }) => isOld)) return [];
	try {
		const removed = await putAside(cache);
		// Takes its time; nobody else touches these names.
		for (const { aside } of removed) await rm(path.join(cache, aside), REMOVE);
		return removed.map(({ name }) => name);
	} catch (error) {
		if (NOT_OURS.includes(codeOf(error) ?? '')) return [];
		throw error;
	}
}

const REMOVE = { recursive: true, force: true, maxRetries: 3 };

/** Renames what is to go: at once and under the lock, so that nobody begins to use it meanwhile. */
async function putAside(cache: string): Promise<{ name: string; aside: string }[]> {
	const release = await lockCache(cache);
	try {
		const old = cacheEntries(cache).filter(({ isOld }) => isOld);
		const inUse = openPaths(old.map(({ name }) => path.join(cache, name)));
		return old.flatMap(({ name }, index) => {
			const file = path.join(cache, name);
			if (inUse.has(file)) return [];
			if (name.endsWith('.lock') && lockHolder(file) !== undefined) return [];
			const aside = `removed-${process.pid}-${Date.now()}-${index}`;
			try {
				// The name tells what it was no more, so its time must: from now on it is a draft of today.
				utimesSync(file, new Date(), new Date());
				renameSync(file, path.join(cache, aside));
				return [{ name, aside }];
			} catch (error) {
				// Somebody else's, or a draft that has just become whole.
				if (['ENOENT', ...NOT_OURS].includes(codeOf(error) ?? '')) return [];
				throw error;
			}
		});
	} finally {
		release();
	}
}

/** Held for as long as a look at the process table takes. */
async function lockCache(cache: string): Promise<() => void> {
	for (;;) {
		const release = takeLock(path.join(cache, 'cache.lock'));
		if (typeof release === 'function') return release;
		await delay(20);
	}
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return [];
		throw error;
	}
}
