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
	readonly pointer: string;
	text: string;
	/** What it is called: its key, or the `name` that stands beside a `value`. */
	label: string;
	place: PlaceKind;
	/** It is a key, not a value. */
	isKey: boolean;
}

/** What a value stands in, outwards. */
interface Above {
	above: Above | undefined;
	key: string | number;
}

/** Its pointer is made when somebody asks: few texts of a document hold a secret. */
class FoundText implements TextAt {
	readonly text: string;
	readonly label: string;
	readonly place: PlaceKind;
	readonly isKey: boolean;
	readonly #above: Above | undefined;

	constructor({ text, label, place, isKey }: Omit<TextAt, 'pointer'>, above: Above | undefined) {
		this.text = text;
		this.label = label;
		this.place = place;
		this.isKey = isKey;
		this.#above = above;
	}

	get pointer(): string {
		let pointer = '';
		for (let at = this.#above; at !== undefined; at = at.above) pointer = step(at.key) + pointer;
		return pointer;
	}
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
/** Keys repeat, in a document and among documents. */
const places = new Map<string, PlaceKind | 'as above'>();
const MAX_PLACES = 5_000;
/** Places inside which nothing else is told apart. */
const CLOSED = new Set<PlaceKind>(['pinned data', 'static data', 'cached value', 'header', 'body']);
const NAME_KEYS = ['name', 'key', 'header', 'parameterName', 'keyName', 'field', 'fieldId'];

/**
 * All texts of a document in the order of the document, keys among them; `visit` ends the walk with false. Depth is bounded by
 * what parse() takes.
 */
export function walkTexts(document: Json, visit: (text: TextAt) => boolean): void {
	walk(document, undefined, { visit, label: '', place: 'field' });
}

interface Walk {
	visit: (text: TextAt) => boolean;
	label: string;
	place: PlaceKind;
}

/** False when the walk is over. */
function walk(value: Json, above: Above | undefined, { visit, label, place }: Walk): boolean {
	if (typeof value === 'string')
		return visit(new FoundText({ text: value, label, place, isKey: false }, above));
	if (Array.isArray(value)) {
		for (let index = 0; index < value.length; index++) {
			const item = value[index];
			if (!holdsText(item)) continue;
			if (!walk(item, { above, key: index }, { visit, label, place })) return false;
		}
		return true;
	}
	if (!isObject(value)) return true;
	const keys = keysOf(value);
	for (const key of keys) {
		if (key.length < 16) continue;
		const at = { above, key };
		if (!visit(new FoundText({ text: key, label: '', place, isKey: true }, at))) return false;
	}
	const nameOf = siblingName(value);
	for (const key of keys) {
		const inner = own(value, key);
		if (!holdsText(inner)) continue;
		const inside = { visit, label: labelOf(key, nameOf, label), place: placeOf(key, place) };
		if (!walk(inner, { above, key }, inside)) return false;
	}
	return true;
}

function holdsText(value: Json | undefined): value is string | Json[] | JsonObject {
	return typeof value === 'string' || (typeof value === 'object' && value !== null);
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
	if (key.length < 5 || !/value$/i.test(key)) return key;
	return nameOf ?? above;
}

function placeOf(key: string, above: PlaceKind): PlaceKind {
	if (CLOSED.has(above)) return above;
	let place = places.get(key);
	if (place === undefined) {
		place = PLACES.find(([pattern]) => pattern.test(key))?.[1] ?? 'as above';
		if (places.size >= MAX_PLACES) places.clear();
		if (key.length < 60) places.set(key, place);
	}
	return place === 'as above' ? above : place;
}
