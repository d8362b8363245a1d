/** A piece of an expression: text as it stands, or code between `{{` and `}}`. */
export interface Chunk {
	kind: 'text' | 'code';
	text: string;
	/** Of the chunk's text in the value. */
	start: number;
	/** Code without its `}}`: n8n takes the rest of the value for code. */
	isClosed: boolean;
}

/** n8n evaluates a value when it begins with `=`; the rest is text with code in `{{ }}`. */
export function isExpression(value: string): boolean {
	return value.startsWith('=');
}

/** Splits an expression as n8n does: the first `}}` closes, a backslash before a bracket escapes it. */
export function splitExpression(value: string): Chunk[] {
	const chunks: Chunk[] = [];
	let index = 1;
	while (index < value.length) {
		const open = bracket(value, '{{', index);
		if (open === -1) {
			chunks.push({ kind: 'text', text: value.slice(index), start: index, isClosed: true });
			break;
		}
		if (open > index)
			chunks.push({ kind: 'text', text: value.slice(index, open), start: index, isClosed: true });
		const start = open + 2;
		const close = bracket(value, '}}', start);
		const end = close === -1 ? value.length : close;
		const text = value.slice(start, end).replaceAll('\\}}', '}}');
		chunks.push({ kind: 'code', text, start, isClosed: close !== -1 });
		index = end + 2;
	}
	return chunks;
}

function bracket(value: string, which: '{{' | '}}', from: number): number {
	for (let at = value.indexOf(which, from); at !== -1; at = value.indexOf(which, at + 2)) {
		let slashes = 0;
		while (at - 1 - slashes >= from && value[at - 1 - slashes] === '\\') slashes += 1;
		if (slashes % 2 === 0) return at;
	}
	return -1;
}
