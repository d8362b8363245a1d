import { existsIn, withoutVersion } from './display.ts';
import type { Facts, NodeFacts, ParameterFacts, Ports } from './schema.ts';

/** Facts as the rules ask for them; made once for many workflows. */
export interface FactsLookup {
	/** Undefined when none were given: rules that need them stay silent. */
	n8nVersion: string | undefined;
	/** Whether anything is known of a package: `n8n-nodes-base`. */
	knowsPackage(name: string): boolean;
	knowsCredential(type: string): boolean;
	/** Versions of a type, ascending; empty when the type is not known. */
	versionsOf(type: string): readonly number[];
	/** A type in one version; undefined when either is not known. */
	node(type: string, version: number): NodeLookup | undefined;
	/** The known type whose name is nearest to a wrong one. */
	nearest(type: string): string | undefined;
}

/** A node type in one version. */
export interface NodeLookup {
	facts: NodeFacts;
	/** The type is `<base>Tool`, which n8n makes itself. */
	isTool: boolean;
	inputs: Ports;
	outputs: Ports;
	/** Those that this version has, by name; several where they depend on others. */
	parameters: ReadonlyMap<string, readonly ParameterFacts[]>;
	/** Those of them that must have a value, or hold something that must. */
	demanding: readonly ParameterFacts[];
}

/** What n8n adds to a node that it turns into a tool: it describes those itself that have operations. */
function toolParameters(parameters: readonly ParameterFacts[]): ParameterFacts[] {
	const description: ParameterFacts = { name: 'toolDescription', type: 'string', required: true };
	const hasOperations = parameters.some(({ name }) => name === 'resource' || name === 'operation');
	if (!hasOperations) return [description];
	return [
		{ name: 'descriptionType', type: 'options', values: ['auto', 'manual'], default: 'auto' },
		{ ...description, show: { descriptionType: ['manual'] } },
	];
}

export function lookUp(...several: Facts[]): FactsLookup {
	const byType = new Map<string, NodeFacts[]>();
	const credentials = new Set<string>();
	const packages = new Set<string>();
	for (const facts of several) {
		for (const node of facts.nodes) {
			const known = byType.get(node.type);
			if (known === undefined) byType.set(node.type, [node]);
			else known.push(node);
			packages.add(packageOf(node.type));
		}
		for (const { type } of facts.credentials) credentials.add(type);
	}
	const compiled = new Map<string, Map<number, NodeLookup>>();
	const versions = new Map<string, number[]>();
	const lastNames = new Map<string, string>();
	for (const type of byType.keys()) lastNames.set(shortName(type).toLowerCase(), type);

	const find = (type: string): { families: NodeFacts[]; isTool: boolean } => {
		const families = byType.get(type);
		if (families !== undefined) return { families, isTool: false };
		if (!type.endsWith('Tool')) return { families: [], isTool: false };
		const base = type.slice(0, type.endsWith('HitlTool') ? -'HitlTool'.length : -'Tool'.length);
		return { families: (byType.get(base) ?? []).filter(({ tool }) => tool === true), isTool: true };
	};
	const versionsOf = (type: string) => {
		let known = versions.get(type);
		if (known === undefined) {
			known = find(type).families.flatMap((one) => one.versions);
			known.sort((left, right) => left - right);
			// Names come out of foreign files: only those that exist are worth remembering.
			if (known.length > 0) versions.set(type, known);
		}
		return known;
	};
	return {
		n8nVersion: several.find(({ n8nVersion }) => n8nVersion !== undefined)?.n8nVersion,
		knowsPackage: (name) => packages.has(name),
		knowsCredential: (type) => credentials.has(type),
		versionsOf,
		node(type, version) {
			const known = compiled.get(type)?.get(version);
			if (known !== undefined) return known;
			const { families, isTool } = find(type);
			const facts = families.find((one) => one.versions.includes(version));
			if (facts === undefined) return undefined;
			const node = compileNode(facts, version, isTool, type.endsWith('HitlTool'));
			const ofType = compiled.get(type);
			if (ofType === undefined) compiled.set(type, new Map([[version, node]]));
			else ofType.set(version, node);
			return node;
		},
		nearest(type) {
			const wanted = shortName(type).toLowerCase();
			const same = lastNames.get(wanted);
			if (same !== undefined) return same;
			for (const [name, known] of lastNames) {
				if (packageOf(known) === packageOf(type) && isNear(name, wanted)) return known;
			}
			return undefined;
		},
	};
}

function compileNode(
	facts: NodeFacts,
	version: number,
	isTool: boolean,
	isGate: boolean,
): NodeLookup {
	const parameters = new Map<string, ParameterFacts[]>();
	const demanding: ParameterFacts[] = [];
	const given = facts.parameters;
	for (const one of isTool ? [...given, ...toolParameters(given)] : given) {
		if (!existsIn(one, version)) continue;
		const parameter = withoutVersion(one);
		const known = parameters.get(parameter.name);
		if (known === undefined) parameters.set(parameter.name, [parameter]);
		else known.push(parameter);
		if (parameter.required === true || isNested(parameter) || parameter.type === 'resourceLocator')
			demanding.push(parameter);
	}
	const tool: Ports = [{ type: 'ai_tool' }];
	return {
		facts,
		isTool,
		inputs: isTool ? (isGate ? tool : []) : facts.inputs,
		outputs: isTool ? tool : facts.outputs,
		...{ parameters, demanding },
	};
}

function isNested({ groups }: ParameterFacts): boolean {
	return groups !== undefined;
}

/** `@scope/package.name` and `package.name`: package names have no dot. */
export function packageOf(type: string): string {
	const dot = type.indexOf('.');
	return dot === -1 ? '' : type.slice(0, dot);
}

function shortName(type: string): string {
	return type.slice(type.indexOf('.') + 1);
}

/** One letter more, less or other, or two swapped. */
export function isNear(left: string, right: string): boolean {
	if (left === right) return true;
	if (Math.abs(left.length - right.length) > 1 || Math.max(left.length, right.length) < 4)
		return false;
	let start = 0;
	while (start < left.length && left[start] === right[start]) start += 1;
	let end = 0;
	const shorter = Math.min(left.length, right.length) - start;
	while (end < shorter && left.at(-1 - end) === right.at(-1 - end)) end += 1;
	const [restLeft, restRight] = [left.length - start - end, right.length - start - end];
	if (restLeft <= 1 && restRight <= 1) return true;
	return (
		restLeft === 2 &&
		restRight === 2 &&
		left[start] === right[start + 1] &&
		left[start + 1] === right[start]
	);
}
