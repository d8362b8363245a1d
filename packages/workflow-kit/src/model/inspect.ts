import type { Json } from './json.ts';
import type { Limits } from './limits.ts';
import type { Problems } from './problems.ts';

interface Visit {
	value: unknown;
	depth: number;
	parent: Visit | undefined;
	key: string | number;
}

/**
 * Whether a value is JSON within the limits, and how many keys it has. Cycles and shared parts are
 * walked as the tree that they would be written as, so the limits end them.
 */
export function inspectJson(
	document: unknown,
	limits: Limits,
	problems: Problems,
): { json: Json; keys: number } | undefined {
	const todo: Visit[] = [{ value: document, depth: 0, parent: undefined, key: '' }];
	let keys = 0;
	let values = 0;
	for (let visit = todo.pop(); visit !== undefined; visit = todo.pop()) {
		const { value, depth } = visit;
		if (++values > limits.maxValues) {
			problems.add('json-too-many-values', '', `More than ${limits.maxValues} values.`);
			return undefined;
		}
		const kind = kindOf(value);
		if (kind === 'scalar') continue;
		if (kind === 'other') {
			problems.add('not-json', pointerOf(visit), `${describe(value)} is not JSON.`);
			return undefined;
		}
		if (depth >= limits.maxDepth) {
			problems.add('json-too-deep', pointerOf(visit), `More than ${limits.maxDepth} levels deep.`);
			return undefined;
		}
		const deeper = depth + 1;
		if (Array.isArray(value)) {
			if (value.length > limits.maxValues) {
				problems.add('json-too-many-values', pointerOf(visit), `${value.length} values in a list.`);
				return undefined;
			}
			for (let index = value.length - 1; index >= 0; index--) {
				const item: unknown = value[index];
				if (kindOf(item) === 'scalar') values++;
				else todo.push({ value: item, depth: deeper, parent: visit, key: index });
			}
			continue;
		}
		for (const key of Object.keys(value as object)) {
			keys++;
			if (key === '__proto__')
				problems.add('json-unsafe-key', pointerOf(visit), 'A key is named `__proto__`.');
			const item: unknown = (value as Record<string, unknown>)[key];
			if (kindOf(item) === 'scalar') values++;
			else todo.push({ value: item, depth: deeper, parent: visit, key });
		}
	}
	return { json: document as Json, keys };
}

function kindOf(value: unknown): 'scalar' | 'container' | 'other' {
	switch (typeof value) {
		case 'string':
		case 'boolean':
			return 'scalar';
		case 'number':
			return Number.isFinite(value) ? 'scalar' : 'other';
		case 'object': {
			if (value === null) return 'scalar';
			if (Array.isArray(value)) return 'container';
			const prototype: unknown = Object.getPrototypeOf(value);
			return prototype === null || prototype === Object.prototype || isForeignPlain(prototype)
				? 'container'
				: 'other';
		}
		default:
			return 'other';
	}
}

/** Object.prototype of another realm: tests and vm contexts hand such objects over. */
function isForeignPlain(prototype: unknown): boolean {
	return (
		typeof prototype === 'object' &&
		prototype !== null &&
		Object.getPrototypeOf(prototype) === null &&
		Object.hasOwn(prototype, 'isPrototypeOf') &&
		Object.hasOwn(prototype, 'hasOwnProperty')
	);
}

function describe(value: unknown): string {
	if (typeof value === 'object') return 'An object with a class of its own';
	return typeof value === 'number' ? String(value) : `A value of type ${typeof value}`;
}

function pointerOf(visit: Visit): string {
	const keys: string[] = [];
	for (let at: Visit | undefined = visit; at?.parent !== undefined; at = at.parent)
		keys.unshift(String(at.key).replaceAll('~', '~0').replaceAll('/', '~1'));
	return keys.map((key) => `/${key}`).join('');
}
