import { valueAt, type Json } from '../model/json.ts';
import type { Example } from './rule.ts';

const WIDTH = 92;

/** The part of an example that shows its rule, as JSON with short things on one line. */
export function excerptOf({ file, show }: Example): string {
	if (typeof file === 'string')
		return file.replace('\uFEFF', '<BOM>').replaceAll('\u0000', '<NUL>');
	return layOut(valueAt(file, show) ?? null, 0);
}

function layOut(value: Json, indent: number): string {
	const line = inline(value);
	if (typeof value !== 'object' || value === null || line.length + indent <= WIDTH)
		return shorten(line);
	const inner = indent + 2;
	const pad = ' '.repeat(inner);
	const parts = Array.isArray(value)
		? value.map((item) => pad + layOut(item, inner))
		: Object.entries(value).map(
				([key, item]) => `${pad}${JSON.stringify(key)}: ${layOut(item, inner)}`,
			);
	const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
	return `${open}\n${parts.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

function inline(value: Json): string {
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
	const entries = Object.entries(value).map(
		([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`,
	);
	return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function shorten(line: string): string {
	return line.length > 160 ? `${line.slice(0, 120)} ...${line.slice(-1)}` : line;
}
