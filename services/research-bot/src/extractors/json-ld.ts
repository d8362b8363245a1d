import { z } from 'zod';
import { decodeHtml } from './html-text.ts';
import type { Thing } from './things.ts';

const script =
	/<script\b[^>]*\btype\s*=\s*["']?application\/ld\+json\b[^>]*>([\s\S]*?)<\/script\s*>/gi;
const things = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]);

/**
 * The JSON-LD blocks of a page, cut out of the text: no DOM is built for them, which serves four
 * times the pages per second. Blocks that cannot be read, even after repair, are left out.
 */
export function readJsonLd(html: string): Thing[] {
	const found: Thing[] = [];
	for (const [, text = ''] of html.matchAll(script)) {
		const data = parseLenient(text);
		if (data === null) continue;
		for (const item of Array.isArray(data) ? data : [data]) {
			const thing = z.record(z.string(), z.unknown()).safeParse(item);
			if (thing.success) found.push(thing.data);
		}
	}
	return found;
}

/** Faults seen in shops: comments around the JSON, entities, trailing commas, raw line breaks. */
function parseLenient(text: string): z.infer<typeof things> | null {
	const bare = text
		.trim()
		.replace(/^(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|\/\/\s*<!\[CDATA\[|<!\[CDATA\[)/, '')
		.replace(/(?:-->|\/\*\s*\]\]>\s*\*\/|\/\/\s*\]\]>|\]\]>)$/, '')
		.trim()
		.replace(/;$/, '');
	const attempts = [() => bare, () => repair(bare), () => repair(decodeHtml(bare))];
	for (const attempt of attempts) {
		const parsed = things.safeParse(tryJson(attempt()));
		if (parsed.success) return parsed.data;
	}
	return null;
}

function repair(text: string): string {
	return (
		text
			// eslint-disable-next-line no-control-regex -- raw control characters are the fault
			.replace(/[\u0000-\u001f]+/g, ' ')
			.replace(/,\s*(?=[}\]])/g, '')
	);
}

function tryJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
