import { isObject, keysOf, own, step, type Json, type JsonObject } from '../model/json.ts';

export type PlaceKind =
	| 'header'
	| 'query'
	| 'body'
	| 'code'
	| 'note'
	| 'pinned data'
	| 'static data'
	| 'cached value'
	| 'URL'
	| 'assignment'
	| 'credential'
	| 'field';

/** One text of a document, and what is known of it. */
export interface TextAt {
	pointer: string;
	text: string;
	/** What it is called: its key, or the `name` that stands beside a `value`. */
	label: string;
	place: PlaceKind;
	/** It is a key, not a value. */
	isKey: boolean;
}

interface Visit {
	value: Json;
	pointer: string;
	label: string;
	place: PlaceKind;
}

const PLACES: readonly [RegExp, PlaceKind][] = [
	[/^pinData$/, 'pinned data'],
	[/^staticData$/, 'static data'],
	[/^cachedResult(Name|Url)$/, 'cached value'],
	[/^(header|headers|headerParameters\w*|\w*Headers|options?Header\w*)$/i, 'header'],
	[/^(query|qs|queryString|queryParameters\w*|jsonQuery|specifyQuery)$/i, 'query'],
	[/^(body|jsonBody|bodyParameters\w*|rawBody|graphql\w*)$/i, 'body'],
	[/^(\w*Code|code|command|script|jsonOutput|sql|query)$/i, 'code'],
	[/^(notes?|content|description)$/i, 'note'],
	[/^(assignments|fields)$/i, 'assignment'],
	[/^(url|uri|endpoint|baseUrl|\w+Url)$/i, 'URL'],
	[/^credentials$/, 'credential'],
];
/** Places inside which nothing else is told apart. */
const CLOSED = new Set<PlaceKind>(['pinned data', 'static data', 'cached value', 'header', 'body']);
const NAME_KEYS = ['name', 'key', 'header', 'parameterName', 'keyName', 'field', 'fieldId'];

/**
 * All texts of a document in the order of the document, keys among them. Loops, so that depth costs
 * no stack; `visit` ends the walk with false.
 */
export function walkTexts(document: Json, visit: (text: TextAt) => boolean): void {
	const todo: Visit[] = [{ value: document, pointer: '', label: '', place: 'field' }];
	for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
		const { value, pointer, label, place } = at;
		if (typeof value === 'string') {
			if (!visit({ pointer, text: value, label, place, isKey: false })) return;
		} else if (Array.isArray(value)) {
			for (let index = value.length - 1; index >= 0; index--) {
				const item = value[index];
				if (item !== undefined)
					todo.push({ value: item, pointer: pointer + step(index), label, place });
			}
		} else if (isObject(value)) {
			const nameOf = siblingName(value);
			const keys = keysOf(value);
			for (const key of keys) {
				if (key.length < 16) continue;
				if (!visit({ pointer: pointer + step(key), text: key, label: '', place, isKey: true }))
					return;
			}
			for (let index = keys.length - 1; index >= 0; index--) {
				const key = keys[index] ?? '';
				const inner = own(value, key);
				if (inner === undefined) continue;
				todo.push({
					value: inner,
					pointer: pointer + step(key),
					label: labelOf(key, nameOf, label),
					place: placeOf(key, place),
				});
			}
		}
	}
}

/** {name: 'x-api-key', value: '...'}: the value is called x-api-key. */
function siblingName(object: JsonObject): string | undefined {
	if (!Object.hasOwn(object, 'value') && !Object.hasOwn(object, 'parameterValue')) return undefined;
	for (const key of NAME_KEYS) {
		const name = own(object, key);
		if (typeof name === 'string') return name;
	}
	return undefined;
}

function labelOf(key: string, nameOf: string | undefined, above: string): string {
	if (!/value$/i.test(key)) return key;
	return nameOf ?? above;
}

function placeOf(key: string, above: PlaceKind): PlaceKind {
	if (CLOSED.has(above)) return above;
	for (const [pattern, place] of PLACES) if (pattern.test(key)) return place;
	return above;
}
