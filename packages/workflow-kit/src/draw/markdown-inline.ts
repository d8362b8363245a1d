/** Text of one style. */
export interface Run {
	text: string;
	bold: boolean;
	italic: boolean;
	strike: boolean;
	code: boolean;
	link: boolean;
}

interface Style {
	bold: boolean;
	italic: boolean;
	strike: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
	'&nbsp;': ' ',
};

/** Runs of text; HTML tags are left out, links keep their text. */
export function readInline(text: string): Run[] {
	const runs: Run[] = [];
	const style: Style = { bold: false, italic: false, strike: false };
	let pending = '';
	const flush = (extra: Partial<Run> = {}) => {
		if (pending !== '') runs.push({ text: pending, code: false, link: false, ...style, ...extra });
		pending = '';
	};
	let at = 0;
	while (at < text.length) {
		const special = nextSpecial(text, at);
		if (special > at) {
			pending += text.slice(at, special);
			at = special;
			continue;
		}
		const character = text[at] ?? '';
		switch (character) {
			case '\\':
				if (/[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) {
					pending += text[at + 1] ?? '';
					at += 2;
					continue;
				}
				break;
			case '`': {
				const ticks = text.startsWith('```', at) ? 3 : text.startsWith('``', at) ? 2 : 1;
				const end = text.indexOf('`'.repeat(ticks), at + ticks);
				if (end < 0) break;
				flush();
				pending = text.slice(at + ticks, end).trim();
				flush({ code: true });
				at = end + ticks;
				continue;
			}
			case '*':
			case '_':
			case '~': {
				const width = emphasis(text, at, style);
				if (width === 0) break;
				flush();
				if (character === '~') style.strike = !style.strike;
				else {
					if (width !== 2) style.italic = !style.italic;
					if (width !== 1) style.bold = !style.bold;
				}
				at += width;
				continue;
			}
			case '!':
			case '[': {
				const start = character === '!' ? at + 1 : at;
				if (text[start] !== '[') break;
				const label = text.indexOf('](', start);
				const end = label < 0 ? -1 : text.indexOf(')', label);
				if (end < 0) break;
				flush();
				pending = plain(text.slice(start + 1, label));
				flush({ link: character === '[' });
				at = end + 1;
				continue;
			}
			case '<': {
				const end = text.indexOf('>', at);
				const next = text[at + 1] ?? '';
				if (end < 0 || !/[a-zA-Z/!]/.test(next)) break;
				const inside = text.slice(at + 1, end);
				if (/^https?:/.test(inside)) {
					flush();
					pending = inside;
					flush({ link: true });
				}
				at = end + 1;
				continue;
			}
			case '&': {
				const end = text.indexOf(';', at);
				const entity = end > 0 && end - at < 8 ? ENTITIES[text.slice(at, end + 1)] : undefined;
				if (entity === undefined) break;
				pending += entity;
				at = end + 1;
				continue;
			}
			default:
		}
		pending += character;
		at++;
	}
	flush();
	return runs;
}

/** Where the next character is that may mean something. */
function nextSpecial(text: string, from: number): number {
	for (let at = from; at < text.length; at++) {
		switch (text.charCodeAt(at)) {
			case 0x21: // !
			case 0x26: // &
			case 0x2a: // *
			case 0x3c: // <
			case 0x5b: // [
			case 0x5c: // backslash
			case 0x5f: // _
			case 0x60: // backtick
			case 0x7e: // ~
				return at;
			default:
		}
	}
	return text.length;
}

/** The length of the marks at a place, when they open what is closed later or close what is open. */
function emphasis(text: string, at: number, style: Style): number {
	const mark = text[at] ?? '';
	let width = 1;
	while (width < 3 && text[at + width] === mark) width++;
	if (mark === '~') {
		if (width < 2) return 0;
		width = 2;
	}
	const before = text[at - 1] ?? ' ';
	const after = text[at + width] ?? ' ';
	if (mark === '_' && /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after)) return 0;
	const isOpen =
		mark === '~'
			? style.strike
			: width === 1
				? style.italic
				: width === 2
					? style.bold
					: style.bold;
	if (isOpen) return before === ' ' ? 0 : width;
	if (after === ' ') return 0;
	const close = text.indexOf(mark.repeat(width), at + width);
	return close < 0 ? 0 : width;
}

/** Text inside a link without its marks. */
function plain(text: string): string {
	return text.replace(/[*_`~[\]!]/g, '');
}
