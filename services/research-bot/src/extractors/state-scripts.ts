/** JSON that a page carries in its scripts, with the name under which it stands there. */
export interface EmbeddedState {
	data: unknown;
	path: string;
}

const maxScript = 3_000_000;
const scripts = /<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi;
const assignment =
	/(?:window\.|self\.|globalThis\.|var |let |const )?\b(__[A-Z][A-Z0-9_]*__|__INITIAL_STATE__|__PRELOADED_STATE__|__APOLLO_STATE__|__NUXT__|ShopifyAnalytics\.meta|initialState|digitalData|productData|pageData|utag_data|meta)\s*=\s*(?=[{[])/g;
const pushes = /\bdataLayer\.push\(\s*(?=\{)/g;

/** The states of a page: JSON script elements first, then objects assigned to known variables. */
export function readStates(html: string): EmbeddedState[] {
	const found: EmbeddedState[] = [];
	for (const [, attributes = '', text = ''] of html.matchAll(scripts)) {
		if (text.length < 20 || text.length > maxScript) continue;
		if (/\btype\s*=\s*["']?application\/(?:[a-z.]+\+)?json/i.test(attributes)) {
			if (/ld\+json/i.test(attributes)) continue;
			const data = tryJson(text);
			const id = /\bid\s*=\s*["']?([^"'\s>]+)/i.exec(attributes)?.[1] ?? 'application/json';
			if (data !== undefined) found.push({ data, path: id });
			continue;
		}
		if (/\bsrc\s*=/i.test(attributes)) continue;
		for (const match of text.matchAll(assignment)) {
			push(found, text, match.index + match[0].length, match[1] ?? 'state');
		}
		for (const match of text.matchAll(pushes)) {
			push(found, text, match.index + match[0].length, 'dataLayer');
		}
	}
	return found;
}

function push(found: EmbeddedState[], text: string, start: number, path: string): void {
	const end = endOfValue(text, start);
	const data = end === null ? undefined : tryJson(text.slice(start, end));
	if (data !== undefined) found.push({ data, path });
}

/** Where the object or array that begins at `start` ends, by counting brackets outside strings. */
function endOfValue(text: string, start: number): number | null {
	let depth = 0;
	let quote: string | null = null;
	for (let at = start; at < text.length; at++) {
		const character = text[at];
		if (quote !== null) {
			if (character === '\\') at++;
			else if (character === quote) quote = null;
		} else if (character === '"' || character === "'" || character === '`') quote = character;
		else if (character === '{' || character === '[') depth++;
		else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
	}
	return null;
}

/** Strict JSON, else JSON with the liberties of a script: `undefined`, trailing commas. */
function tryJson(text: string): unknown {
	for (const variant of [
		text,
		text.replace(/:\s*undefined\b/g, ':null').replace(/,\s*(?=[}\]])/g, ''),
	]) {
		try {
			return JSON.parse(variant);
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
		}
	}
	return undefined;
}
