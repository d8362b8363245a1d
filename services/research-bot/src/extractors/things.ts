import { decodeHtml } from './html-text.ts';

/** A schema.org node, from JSON-LD or microdata: properties by name, types under `@type`. */
export type Thing = Record<string, unknown>;

export interface Placed {
	thing: Thing;
	path: string;
	/** How many lists of items the node was found in. */
	listed: boolean;
}

export function isThing(value: unknown): value is Thing {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function typesOf(thing: Thing): string[] {
	return list(thing['@type'])
		.filter((type) => typeof type === 'string')
		.map((type) => type.replace(/^.*[/#:]/, ''));
}

/** One or many, as schema.org allows everywhere. */
export function list(value: unknown): unknown[] {
	if (value === undefined || value === null) return [];
	return Array.isArray(value) ? value : [value];
}

/** A text property: string, number, `{"@value": ...}`, or a node that has a name or URL. */
export function textOf(value: unknown): string | null {
	for (const item of list(value)) {
		if (typeof item === 'string' && item.trim() !== '') return decodeHtml(item).trim();
		if (typeof item === 'number') return String(item);
		if (isThing(item)) {
			const inner = textOf(item['@value'] ?? item['name'] ?? item['url'] ?? item['contentUrl']);
			if (inner !== null) return inner;
		}
	}
	return null;
}

/**
 * A number property, however it is written: 4.5, "4.5", "4,5", "1,234", "12,345.6". A lone dot is
 * always a decimal mark, for ratings such as 4.667.
 */
export function numberOf(value: unknown): number | null {
	const text = textOf(value)?.replace(/[^\d.,-]/g, '');
	if (text === undefined || text === '') return null;
	const lastMark = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
	const marks = text.match(/[.,]/g) ?? [];
	const isGrouping =
		(marks.length === 1 && /,\d{3}$/.test(text)) || (marks.length > 1 && new Set(marks).size === 1);
	const plain =
		lastMark < 0 || isGrouping
			? text.replace(/[.,]/g, '')
			: `${text.slice(0, lastMark).replace(/[.,]/g, '')}.${text.slice(lastMark + 1)}`;
	const number = Number.parseFloat(plain);
	return Number.isFinite(number) ? number : null;
}

const nested = [
	'@graph',
	'mainEntity',
	'mainEntityOfPage',
	'item',
	'about',
	'itemReviewed',
	'isVariantOf',
];

/** Every node of the given types, wherever it stands, references by @id resolved. */
export function findThings(roots: Thing[], wanted: (types: string[]) => boolean): Placed[] {
	const byId = new Map<string, Thing>();
	index(roots, byId, 0);
	const found: Placed[] = [];
	const seen = new Set<Thing>();

	const visit = (value: unknown, path: string, listed: boolean, depth: number): void => {
		if (depth > 8) return;
		if (Array.isArray(value)) {
			value.forEach((item, at) => visit(item, `${path}[${at}]`, listed, depth + 1));
			return;
		}
		if (!isThing(value)) return;
		const thing = resolve(value, byId);
		if (seen.has(thing)) return;
		seen.add(thing);
		const types = typesOf(thing);
		const here = path === '' ? (types[0] ?? '') : path;
		if (wanted(types)) found.push({ thing: withReferences(thing, byId), path: here, listed });
		for (const key of nested) visit(thing[key], joined(here, key), listed, depth + 1);
		visit(thing['itemListElement'], joined(here, 'itemListElement'), true, depth + 1);
	};
	for (const root of roots) visit(root, '', false, 0);
	return found;
}

function joined(path: string, key: string): string {
	return path === '' ? key : `${path}.${key}`;
}

function index(value: unknown, byId: Map<string, Thing>, depth: number): void {
	if (depth > 8) return;
	if (Array.isArray(value)) for (const item of value) index(item, byId, depth + 1);
	if (!isThing(value)) return;
	const id = value['@id'];
	// A node that is only a reference has no property but its id.
	if (typeof id === 'string' && Object.keys(value).length > 1) byId.set(id, value);
	for (const item of Object.values(value)) index(item, byId, depth + 1);
}

function resolve(thing: Thing, byId: Map<string, Thing>): Thing {
	const id = thing['@id'];
	if (typeof id !== 'string' || Object.keys(thing).length > 1) return thing;
	return byId.get(id) ?? thing;
}

/** The node with its direct references replaced by what they point at. */
function withReferences(thing: Thing, byId: Map<string, Thing>): Thing {
	return Object.fromEntries(
		Object.entries(thing).map(([key, value]) => [
			key,
			Array.isArray(value)
				? value.map((item: unknown) => (isThing(item) ? resolve(item, byId) : item))
				: isThing(value)
					? resolve(value, byId)
					: value,
		]),
	);
}
