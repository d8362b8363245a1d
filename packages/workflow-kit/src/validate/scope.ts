import { atPath, isShown, type DisplayScope } from '../facts/display.ts';
import type { NodeLookup } from '../facts/lookup.ts';
import { own, type Json, type JsonObject } from '../model/json.ts';
import type { ParameterFacts } from '../facts/schema.ts';
import type { WorkflowNode } from '../model/model.ts';

/**
 * How conditions see a node's parameters. `written`: only what the file says, as n8n's check before publishing sees them.
 * `effective`: with the defaults of what it leaves out, as a running node does.
 */
export function scopeOf(
	{ parameters, type: nodeType, typeVersion }: WorkflowNode,
	type: NodeLookup,
	which: 'written' | 'effective',
): DisplayScope {
	const resolved = new Map<string, Json | undefined>();
	const scope: DisplayScope = {
		version: typeVersion,
		isTool: type.isTool || nodeType.endsWith('Tool'),
		root: (path) => (path.includes('.') ? atPath(parameters, path) : scope.sibling(path)),
		sibling(name) {
			const written = name.includes('.') ? atPath(parameters, name) : own(parameters, name);
			if (written !== undefined || which === 'written') return written;
			if (resolved.has(name)) return resolved.get(name);
			// Conditions that depend on each other in a circle see nothing.
			resolved.set(name, undefined);
			const shown = (type.parameters.get(name) ?? []).find((one) => isShown(one, scope));
			const value = shown === undefined ? undefined : (shown.default ?? emptyOf(shown));
			resolved.set(name, value);
			return value;
		},
	};
	return scope;
}

/** Inside a collection: siblings are those of the entry, the root is that of the node. */
export function scopeInside(
	outer: DisplayScope,
	entry: JsonObject,
	fields: readonly ParameterFacts[],
	which: 'written' | 'effective',
): DisplayScope {
	return {
		...outer,
		sibling(name) {
			const written = atPath(entry, name);
			if (written !== undefined || which === 'written') return written;
			const field = fields.find((one) => one.name === name);
			return field === undefined ? undefined : (field.default ?? emptyOf(field));
		},
	};
}

/** The default that reduced facts leave out because it is empty. */
function emptyOf({ type }: ParameterFacts): Json {
	switch (type) {
		case 'boolean':
			return false;
		case 'multiOptions':
			return [];
		case 'collection':
		case 'fixedCollection':
			return {};
		default:
			return '';
	}
}
