/** HTML that is safe to put into a page as it stands. */
export class Html {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}

	toString(): string {
		return this.text;
	}
}

/** What a template takes: text is escaped, Html is not, nothing and false leave nothing. */
export type Piece = Html | string | number | null | undefined | false | Piece[];

/** A template whose values are escaped, unless they are Html themselves. */
export function html(strings: TemplateStringsArray, ...values: Piece[]): Html {
	return new Html(strings.reduce((text, part, index) => text + shown(values[index - 1]) + part));
}

function shown(value: Piece): string {
	if (value === null || value === undefined || value === false) return '';
	if (Array.isArray(value)) return value.map(shown).join('');
	return value instanceof Html ? value.text : escape(String(value));
}

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escape(text: string): string {
	return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}
