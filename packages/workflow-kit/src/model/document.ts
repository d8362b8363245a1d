import { isObject, own, ownString, step, type Json, type JsonObject } from './json.ts';

/** A workflow object inside a document. */
export interface Found {
	pointer: string;
	source: JsonObject;
	/** What its wrappers call it. */
	wrapperName: string | undefined;
}

/** Wrappers around workflows: gallery answers have two, a list of them three. */
const MAX_WRAPPERS = 4;

/**
 * The workflows of a document: a workflow; {workflow: {...}} and {workflow: {workflow: {...}}} of
 * template galleries; {data: ...} of API answers; {workflows: [...]}; a list of any of these.
 */
export function findWorkflows(document: Json, maxWorkflows: number): Found[] {
	const found: Found[] = [];
	const look = (
		value: Json | undefined,
		pointer: string,
		name: string | undefined,
		left: number,
	) => {
		if (found.length > maxWorkflows || left < 0) return;
		if (Array.isArray(value)) {
			for (let index = 0; index < value.length && found.length <= maxWorkflows; index++)
				look(value[index], pointer + step(index), name, left - 1);
			return;
		}
		if (!isObject(value)) return;
		const inner = wrapperKey(value);
		if (inner === undefined) {
			if (Object.hasOwn(value, 'nodes') || Object.hasOwn(value, 'connections'))
				found.push({ pointer, source: value, wrapperName: name });
			return;
		}
		look(own(value, inner), pointer + step(inner), ownString(value, 'name') ?? name, left - 1);
	};
	look(document, '', undefined, MAX_WRAPPERS);
	return found;
}

/** The key under which the workflow really is. A gallery's own `nodes` only lists types. */
function wrapperKey(value: JsonObject): string | undefined {
	for (const key of ['workflow', 'data', 'workflows', 'template']) {
		const inner = own(value, key);
		if (typeof inner !== 'object' || inner === null) continue;
		if (!Object.hasOwn(value, 'nodes')) return key;
		if (key === 'workflow' && !Object.hasOwn(value, 'connections') && isObject(inner)) {
			if (Object.hasOwn(inner, 'nodes')) return key;
		}
	}
	return undefined;
}
