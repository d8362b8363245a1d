export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

// Looked up once: a global costs a hundred times more inside a vm context, where tests run.
const { hasOwn, keys } = Object;
const { isArray } = Array;

/** The keys of an object, in its order. */
export const keysOf: (object: JsonObject) => string[] = keys;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !isArray(value);
}

/** The own value of a key. `in` and plain access would also see what Object.prototype has. */
export function own(object: JsonObject, key: string): Json | undefined {
	return hasOwn(object, key) ? object[key] : undefined;
}

export function ownString(object: JsonObject, key: string): string | undefined {
	const value = own(object, key);
	return typeof value === 'string' ? value : undefined;
}

/** Sets an own key, also `__proto__`, which an assignment would take for the prototype. */
export function setOwn(object: JsonObject, key: string, value: Json): void {
	if (key === '__proto__') {
		Object.defineProperty(object, key, {
			...{ value, writable: true, enumerable: true, configurable: true },
		});
	} else object[key] = value;
}

/** One step of a JSON pointer (RFC 6901), with its slash. */
export function step(key: string | number): string {
	if (typeof key === 'number') return `/${key}`;
	return key.includes('~') || key.includes('/')
		? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
		: `/${key}`;
}

/** The keys of a JSON pointer. */
export function stepsOf(pointer: string): string[] {
	if (pointer === '') return [];
	return pointer
		.slice(1)
		.split('/')
		.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer points to. */
export function valueAt(document: unknown, pointer: string): Json | undefined {
	let value: unknown = document;
	for (const key of stepsOf(pointer)) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
		value = Reflect.get(value, key);
	}
	return isJson(value) ? value : undefined;
}

function isJson(value: unknown): value is Json {
	return value === null || ['boolean', 'number', 'string', 'object'].includes(typeof value);
}
