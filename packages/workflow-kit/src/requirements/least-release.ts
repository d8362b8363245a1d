import { compareReleases, firstRelease } from '../facts/releases.ts';
import type { Workflow } from '../model/model.ts';

/** The oldest n8n that has all nodes, in their versions. */
export interface LeastRelease {
	/** A release that has them all, as far as they are known; undefined where none is. */
	version: string | undefined;
	/** The newest release that is known to be too old; undefined: `version` is the oldest that was looked at. */
	after: string | undefined;
	/** What asks for that release. */
	because: { node: string; type: string; typeVersion: number }[];
	/** Nodes that no release of n8n is known to have: of other packages, or newer than what is known. */
	unknown: { type: string; typeVersion: number }[];
}

/**
 * By the nodes alone. Settings that an older n8n does not know are nothing to it; parameters that came without a new version of
 * their node are not looked at.
 */
export function leastReleaseOf(workflows: readonly Workflow[]): LeastRelease {
	const unknown = new Map<string, LeastRelease['unknown'][number]>();
	let least: Omit<LeastRelease, 'unknown'> = { version: undefined, after: undefined, because: [] };
	for (const { name: node, type, typeVersion } of workflows.flatMap(({ nodes }) => nodes)) {
		if (type === '') continue;
		const first = firstRelease(type, typeVersion);
		if (first === undefined) {
			unknown.set(`${type} ${typeVersion}`, { type, typeVersion });
			continue;
		}
		const order = least.version === undefined ? 1 : compareReleases(first.version, least.version);
		// What the oldest has is no reason for anything.
		const reasons = first.after === undefined ? [] : [{ node, type, typeVersion }];
		if (order > 0) least = { ...first, because: reasons };
		else if (order === 0) least.because.push(...reasons);
	}
	const sorted = [...unknown].sort(([left], [right]) => (left < right ? -1 : 1));
	return { ...least, unknown: sorted.map(([, one]) => one) };
}
