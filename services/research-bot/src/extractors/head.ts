import { decodeHtml } from './html-text.ts';

/** What the head of a page says, read without building a DOM. */
export interface Head {
	title: string | null;
	/** `<html lang>` */
	lang: string | null;
	canonical: string | null;
	/** By lower-case property, name or itemprop; the first of each. */
	metas: ReadonlyMap<string, string>;
}

const metaTag = /<meta\b([^>]*)>/gi;
const attribute = /([a-z:_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

export function readHead(html: string): Head {
	const end = html.search(/<\/head\s*>|<body[\s>]/i);
	// Without a head the tags stand anywhere, but near the top.
	const head = html.slice(0, end < 0 ? 200_000 : end);
	const metas = new Map<string, string>();
	for (const [, text = ''] of head.matchAll(metaTag)) {
		const attributes = readAttributes(text);
		const name = attributes.get('property') ?? attributes.get('name') ?? attributes.get('itemprop');
		const content = attributes.get('content');
		if (name === undefined || content === undefined || content.trim() === '') continue;
		const key = name.toLowerCase();
		if (!metas.has(key)) metas.set(key, content.trim());
	}
	const htmlTag = /<html\b([^>]*)>/i.exec(head)?.[1] ?? '';
	const title = /<title[^>]*>([^<]*)/i.exec(head)?.[1];
	return {
		title: title === undefined ? null : decodeHtml(title).trim() || null,
		lang: readAttributes(htmlTag).get('lang') ?? null,
		canonical: canonicalOf(head),
		metas,
	};
}

function canonicalOf(head: string): string | null {
	for (const [, text = ''] of head.matchAll(/<link\b([^>]*)>/gi)) {
		const attributes = readAttributes(text);
		if (attributes.get('rel')?.toLowerCase() === 'canonical') return attributes.get('href') ?? null;
	}
	return null;
}

function readAttributes(text: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const [, name = '', double, single, bare] of text.matchAll(attribute)) {
		found.set(name.toLowerCase(), decodeHtml(double ?? single ?? bare ?? ''));
	}
	return found;
}
