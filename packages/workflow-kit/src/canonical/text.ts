import { keysOf, own, type Json } from '../model/json.ts';

const WIDTH = 100;
const TAB = 2;

/**
 * JSON text as Prettier writes it with tabs and 100 columns: objects open, lists of scalars in one
 * line while they fit. So `fmt` and a formatter that runs over the whole repository agree.
 */
export function jsonText(value: Json): string {
	const parts: string[] = [];
	write(value, 0, 0, parts);
	parts.push('\n');
	return parts.join('');
}

/** `taken`: columns of the line that stand before the value; one more is kept for a comma. */
function write(value: Json, level: number, taken: number, parts: string[]): void {
	if (typeof value !== 'object' || value === null) {
		parts.push(JSON.stringify(value));
		return;
	}
	const indent = '\t'.repeat(level + 1);
	const columns = (level + 1) * TAB;
	if (!Array.isArray(value)) {
		const keys = keysOf(value);
		if (keys.length === 0) {
			parts.push('{}');
			return;
		}
		keys.forEach((key, index) => {
			const name = JSON.stringify(key);
			parts.push(index === 0 ? '{\n' : ',\n', indent, name, ': ');
			write(own(value, key) ?? null, level + 1, columns + widthOf(name) + 2, parts);
		});
		parts.push('\n', '\t'.repeat(level), '}');
		return;
	}
	const line = inOneLine(value, WIDTH - taken - 1);
	if (line !== undefined) {
		parts.push(line);
		return;
	}
	if (value.length > 1 && value.every((item) => typeof item === 'number')) {
		parts.push('[\n', indent, filled(value, columns, indent), '\n', '\t'.repeat(level), ']');
		return;
	}
	value.forEach((item, index) => {
		parts.push(index === 0 ? '[\n' : ',\n', indent);
		write(item, level + 1, columns, parts);
	});
	parts.push('\n', '\t'.repeat(level), ']');
}

/** Prettier fills the lines with a list of numbers instead of giving each its own. */
function filled(numbers: Json[], columns: number, indent: string): string {
	let text = '';
	let used = columns;
	numbers.forEach((number, index) => {
		const item = JSON.stringify(number) + (index < numbers.length - 1 ? ',' : '');
		if (index === 0) text = item;
		else if (used + 1 + item.length <= WIDTH) text += ` ${item}`;
		else {
			text += `\n${indent}${item}`;
			used = columns + item.length;
			return;
		}
		used += item.length + (index === 0 ? 0 : 1);
	});
	return text;
}

/** The list as `[a, b]`, or undefined when it is too wide or holds what always opens. */
function inOneLine(list: Json[], room: number): string | undefined {
	if (list.length > room || opensAlways(list)) return undefined;
	const items: string[] = [];
	let width = 2;
	for (const item of list) {
		let text: string | undefined;
		if (typeof item !== 'object' || item === null) {
			if (typeof item === 'string' && item.length > room) return undefined;
			text = JSON.stringify(item);
		} else if (Array.isArray(item)) text = inOneLine(item, room - width);
		else if (keysOf(item).length === 0) text = '{}';
		if (text === undefined) return undefined;
		width += widthOf(text) + (items.length === 0 ? 0 : 2);
		if (width > room) return undefined;
		items.push(text);
	}
	return `[${items.join(', ')}]`;
}

/** A table: several lists of several values each. */
function opensAlways(list: Json[]): boolean {
	return list.length > 1 && list.every((item) => Array.isArray(item) && item.length > 1);
}

const WIDE =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

function widthOf(text: string): number {
	// eslint-disable-next-line no-control-regex -- ASCII begins at 0
	return /^[\u0000-\u007f]*$/.test(text)
		? text.length
		: text.length + (text.match(WIDE)?.length ?? 0);
}
