import { NODE_RELEASES, RELEASES } from './node-releases.ts';

/** Where a version of a node came into n8n, as far as the releases that were looked at can tell. */
export interface FirstRelease {
	/** The first release that is known to have it. */
	version: string;
	/** The last one that is known to lack it; undefined where the oldest that was looked at has it. */
	after: string | undefined;
}

/** Undefined for nodes that do not come with n8n, and for versions that none of its releases has. */
export function firstRelease(type: string, typeVersion: number): FirstRelease | undefined {
	if (!Object.hasOwn(NODE_RELEASES, type)) return undefined;
	for (const entry of (NODE_RELEASES[type] ?? '').split(' ')) {
		const [known = '', index = '0'] = entry.split('@');
		if (Number(known) !== typeVersion) continue;
		const version = RELEASES[Number(index)];
		return version === undefined ? version : { version, after: RELEASES[Number(index) - 1] };
	}
	return undefined;
}

/** Below 0 where the left one is older; both like `1.64.0`. */
export function compareReleases(left: string, right: string): number {
	const [one, other] = [left.split('.').map(Number), right.split('.').map(Number)];
	for (let at = 0; at < 3; at++) {
		const difference = (one[at] ?? 0) - (other[at] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}
