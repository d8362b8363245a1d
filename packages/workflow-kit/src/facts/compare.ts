import type { Facts, NodeFacts } from './schema.ts';

/** What an upgrade of n8n, or of a community package, has changed. */
export interface FactsChanges {
	nodesAdded: string[];
	nodesRemoved: string[];
	/** `type version`. */
	versionsAdded: string[];
	versionsRemoved: string[];
	/** Type and version whose parameters, ports or credentials are not what they were. */
	nodesChanged: string[];
	credentialsAdded: string[];
	credentialsRemoved: string[];
}

export function compareFacts(before: Facts, after: Facts): FactsChanges {
	const [old, now] = [versionsOf(before), versionsOf(after)];
	const types = (facts: Facts) => new Set(facts.nodes.map(({ type }) => type));
	const credentials = (facts: Facts) => new Set(facts.credentials.map(({ type }) => type));
	const [oldTypes, nowTypes] = [types(before), types(after)];
	const isOfKnownType = (key: string, known: Set<string>) => known.has(key.split(' ')[0] ?? '');
	return {
		nodesAdded: missingFrom(oldTypes, nowTypes),
		nodesRemoved: missingFrom(nowTypes, oldTypes),
		versionsAdded: missingFrom(new Set(old.keys()), new Set(now.keys())).filter((key) =>
			isOfKnownType(key, oldTypes),
		),
		versionsRemoved: missingFrom(new Set(now.keys()), new Set(old.keys())).filter((key) =>
			isOfKnownType(key, nowTypes),
		),
		nodesChanged: [...now]
			.filter(([key, text]) => old.has(key) && old.get(key) !== text)
			.map(([key]) => key),
		credentialsAdded: missingFrom(credentials(before), credentials(after)),
		credentialsRemoved: missingFrom(credentials(after), credentials(before)),
	};
}

function missingFrom(known: Set<string>, all: Set<string>): string[] {
	return [...all].filter((one) => !known.has(one)).sort();
}

function versionsOf({ nodes }: Facts): Map<string, string> {
	return new Map(
		nodes.flatMap((node: NodeFacts) => {
			const { versions, ...rest } = node;
			const text = JSON.stringify(rest);
			return versions.map((version): [string, string] => [`${node.type} ${version}`, text]);
		}),
	);
}
