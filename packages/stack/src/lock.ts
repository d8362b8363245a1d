import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from './errors.ts';
import {
	isAlive,
	processIdentity,
	selfIdentity,
	type ProcessIdentity,
} from './process-identity.ts';

/**
 * Takes a lock that names this process. The lock of a dead process is taken over.
 * @returns a function that gives it back, or the living process that holds it
 */
export function takeLock(file: string): (() => void) | ProcessIdentity {
	const draft = `${file}.${process.pid}`;
	writeFileSync(draft, JSON.stringify(selfIdentity()), { mode: 0o600 });
	try {
		for (;;) {
			try {
				// A link appears with its content: nobody can read a lock that has no name in it yet.
				linkSync(draft, file);
				return giveBackOnce(file);
			} catch (error) {
				if (codeOf(error) !== 'EEXIST') throw error;
			}
			const holder = lockHolder(file);
			if (holder !== undefined) return holder;
			rmSync(file, { force: true });
		}
	} finally {
		rmSync(draft, { force: true });
	}
}

/** Once: the second time the lock may be somebody else's. */
function giveBackOnce(file: string): () => void {
	let held = true;
	return () => {
		if (held) rmSync(file, { force: true });
		held = false;
	};
}

/** The living process that holds a lock, if there is one. */
export function lockHolder(file: string): ProcessIdentity | undefined {
	try {
		const holder = processIdentity.parse(JSON.parse(readFileSync(file, 'utf8')));
		return isAlive(holder) ? holder : undefined;
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return undefined;
		throw error;
	}
}
