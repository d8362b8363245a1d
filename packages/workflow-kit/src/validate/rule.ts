import type { Severity } from '../findings/finding.ts';
import type { Json } from '../model/json.ts';

/**
 * What a file is checked for. `import`: n8n takes it and can publish it. `run`: it will also work. `publish`: it also
 * keeps the rules of the house.
 */
export const PROFILES = ['import', 'run', 'publish'] as const;
export type Profile = (typeof PROFILES)[number];

/** In the order in which they are looked through. */
export const LAYERS = [
	...(['file', 'nodes', 'types', 'parameters', 'expressions', 'graph'] as const),
	...(['agents', 'triggers', 'portability', 'n8n 3', 'house', 'exemptions'] as const),
] as const;
export type Layer = (typeof LAYERS)[number];

export interface Rule {
	/** How much it matters, by profile; a profile that is missing does not look. */
	severity: Partial<Record<Profile, Severity>>;
	title: string;
	why: string;
	/** What to do, where the finding has nothing better. */
	advice: string;
	bad: Example;
	good: Example;
}

/** A document that shows a rule, and the part of it that matters. */
export interface Example {
	/** JSON, or a text where the text itself is at fault. */
	file: Json;
	/** JSON pointer to what is worth showing. */
	show: string;
	/** Other files of the same folder. */
	others?: Json[];
}

/** A rule for every profile from one on, with the same severity in each. */
export function from(profile: Profile, severity: Severity): Partial<Record<Profile, Severity>> {
	const levels: Partial<Record<Profile, Severity>> = {};
	for (const one of PROFILES.slice(PROFILES.indexOf(profile))) levels[one] = severity;
	return levels;
}
