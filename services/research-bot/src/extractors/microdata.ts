import type { CheerioAPI } from 'cheerio/slim';
import type { Thing } from './things.ts';

/** How deep items nest: product, offer, seller, address. */
const maxDepth = 6;

/** The top-level microdata items of a page, in the shape JSON-LD has. */
export function readMicrodata($: CheerioAPI): Thing[] {
	return $('[itemscope]:not([itemprop])')
		.toArray()
		.map((element) => readItem($, $(element), 0));
}

type Selection = ReturnType<CheerioAPI>;

function readItem($: CheerioAPI, item: Selection, depth: number): Thing {
	const thing: Thing = {};
	const type = item.attr('itemtype');
	if (type !== undefined) thing['@type'] = type.trim().split(/\s+/);
	const id = item.attr('itemid');
	if (id !== undefined) thing['@id'] = id;
	const collect = (element: Selection): void => {
		const names = element.attr('itemprop');
		const isItem = element.attr('itemscope') !== undefined;
		if (names !== undefined) {
			const value = isItem && depth < maxDepth ? readItem($, element, depth + 1) : valueOf(element);
			for (const name of names.trim().split(/\s+/)) add(thing, name, value);
		}
		// A nested item keeps its properties to itself.
		if (!isItem) for (const child of element.children().toArray()) collect($(child));
	};
	for (const child of item.children().toArray()) collect($(child));
	for (const reference of item.attr('itemref')?.trim().split(/\s+/) ?? []) {
		// `#id` selectors break on ids that are no CSS identifiers.
		collect($(`[id="${reference.replace(/["\\]/g, '')}"]`).first());
	}
	return thing;
}

function add(thing: Thing, name: string, value: unknown): void {
	const known = thing[name];
	if (known === undefined) thing[name] = value;
	else thing[name] = Array.isArray(known) ? [...(known as unknown[]), value] : [known, value];
}

const attributeOf: Record<string, string> = {
	a: 'href',
	area: 'href',
	link: 'href',
	audio: 'src',
	embed: 'src',
	iframe: 'src',
	img: 'src',
	source: 'src',
	video: 'src',
	object: 'data',
	data: 'value',
	meter: 'value',
	time: 'datetime',
};

/** The value rules of the HTML standard; `content` wins everywhere, as shops rely on it. */
function valueOf(element: Selection): string {
	const tag = element.prop('tagName')?.toLowerCase() ?? '';
	const attribute = attributeOf[tag];
	const value =
		element.attr('content') ?? (attribute === undefined ? undefined : element.attr(attribute));
	return (value ?? element.text()).replace(/\s+/g, ' ').trim();
}
