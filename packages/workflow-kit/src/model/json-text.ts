import { step } from './json.ts';

export interface TextPlace {
	/** From 1. */
	line: number;
	column: number;
	pointer: string;
}
export interface TextScan {
	/** The first place at which the text stops being JSON. */
	error: (TextPlace & { message: string }) | undefined;
	/** Keys that their object had before; at most 100. */
	duplicates: (TextPlace & { key: string })[];
	/** Where the values begin that were asked for, by pointer. */
	places: Map<string, TextPlace>;
}

interface Frame {
	/** Of an object; undefined in an array. */
	keys: Set<string> | undefined;
	key: string;
	index: number;
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const MAX_DUPLICATES = 100;

/**
 * Reads JSON text for what JSON.parse does not tell: where it is broken, and which keys are twice in
 * an object. Loops instead of calling itself, so depth costs no stack. Linear in the text, which
 * measureJsonText() has found to be of bearable depth.
 */
export function scanJsonText(text: string, find?: ReadonlySet<string>): TextScan {
	const frames: Frame[] = [];
	const duplicates: TextScan['duplicates'] = [];
	const places: TextScan['places'] = new Map();
	let at = 0;
	let failure: string | undefined;

	const pointer = () =>
		frames.map(({ keys, key, index }) => (keys ? step(key) : step(index))).join('');
	const lineAndColumn = lineCounter(text);
	const place = (offset: number): TextPlace => ({ ...lineAndColumn(offset), pointer: pointer() });
	const skip = () => {
		for (; at < text.length; at++) {
			const code = text.charCodeAt(at);
			if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return;
		}
	};
	/** The raw text of a string with its quotes; leaves `at` at the fault if there is one. */
	const string = (): string | undefined => {
		const start = at;
		for (at++; at < text.length; at++) {
			const code = text.charCodeAt(at);
			if (code === 34) return text.slice(start, ++at);
			if (code < 32) {
				failure = 'a line break or control character inside a string';
				return undefined;
			}
			if (code !== 92) continue;
			const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
			escape.lastIndex = at;
			if (!escape.test(text)) {
				failure = 'an escape that JSON does not know';
				return undefined;
			}
			at = escape.lastIndex - 1;
		}
		failure = 'the text ends inside a string';
		return undefined;
	};
	/** After `{` or a comma: a key and its colon. */
	const key = (frame: Frame): boolean => {
		skip();
		if (text[at] !== '"') {
			failure =
				at >= text.length ? 'the text ends inside an object' : 'a key in quotes was expected';
			return false;
		}
		const start = at;
		const raw = string();
		if (raw === undefined) return false;
		const name = raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
		frame.key = name;
		if (frame.keys?.has(name) === true && duplicates.length < MAX_DUPLICATES)
			duplicates.push({ ...place(start), key: name });
		frame.keys?.add(name);
		skip();
		if (text[at] !== ':') {
			failure = 'a colon was expected after the key';
			return false;
		}
		at++;
		return true;
	};
	/** A scalar, or the opening of a container. True when a value has ended. */
	const value = (): 'ended' | 'opened' | 'wrong' => {
		skip();
		if (find !== undefined) {
			const here = pointer();
			if (find.has(here)) places.set(here, place(at));
		}
		const first = text[at];
		if (first === '{' || first === '[') {
			at++;
			const frame: Frame = { keys: first === '{' ? new Set() : undefined, key: '', index: 0 };
			frames.push(frame);
			skip();
			if (text[at] === (first === '{' ? '}' : ']')) {
				at++;
				frames.pop();
				return 'ended';
			}
			return first === '[' || key(frame) ? 'opened' : 'wrong';
		}
		if (first === '"') return string() === undefined ? 'wrong' : 'ended';
		LITERAL.lastIndex = at;
		if (first === undefined || !LITERAL.test(text)) {
			failure =
				first === undefined ? 'the text ends where a value was expected' : 'a value was expected';
			return 'wrong';
		}
		at = LITERAL.lastIndex;
		return 'ended';
	};
	/** After a value: comma or end of its container. */
	const next = (): 'value' | 'done' | 'wrong' => {
		for (;;) {
			skip();
			const frame = frames.at(-1);
			if (frame === undefined) {
				if (at >= text.length) return 'done';
				failure = 'there is more text after the end';
				return 'wrong';
			}
			const character = text[at];
			if (character === ',') {
				at++;
				frame.index++;
				return frame.keys === undefined || key(frame) ? 'value' : 'wrong';
			}
			if (character !== (frame.keys ? '}' : ']')) {
				failure =
					character === undefined
						? `the text ends inside ${frame.keys ? 'an object' : 'a list'}`
						: `a comma or ${frame.keys ? '}' : ']'} was expected`;
				return 'wrong';
			}
			at++;
			frames.pop();
		}
	};

	for (;;) {
		const read = value();
		if (read === 'opened') continue;
		const then = read === 'wrong' ? 'wrong' : next();
		if (then === 'done') return { error: undefined, duplicates, places };
		if (then === 'wrong')
			return { error: { ...place(at), message: failure ?? 'not JSON' }, duplicates, places };
	}
}

/** Line and column of growing offsets: each part of the text is looked at once. */
function lineCounter(text: string): (offset: number) => { line: number; column: number } {
	let line = 1;
	let start = 0;
	return (offset) => {
		for (;;) {
			const end = text.indexOf('\n', start);
			if (end === -1 || end >= offset) return { line, column: offset - start + 1 };
			line++;
			start = end + 1;
		}
	};
}

/**
 * Levels, keys and values of a JSON text, before anything is built from it: a text of brackets only
 * would cost JSON.parse fifty times its size. Never too few, whatever the text is.
 */
export function measureJsonText(text: string): { depth: number; keys: number; values: number } {
	let depth = 0;
	let deepest = 0;
	let keys = 0;
	let values = 1;
	for (let at = 0; at < text.length; at++) {
		switch (text.charCodeAt(at)) {
			case 34: {
				let end = text.indexOf('"', at + 1);
				while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
				if (end === -1) return { depth: deepest, keys, values };
				at = end;
				break;
			}
			case 58:
				keys++;
				break;
			case 44:
				values++;
				break;
			case 91:
			case 123:
				values++;
				depth++;
				if (depth > deepest) deepest = depth;
				break;
			case 93:
			case 125:
				depth--;
		}
	}
	return { depth: deepest, keys, values };
}

function isEscaped(text: string, at: number): boolean {
	let slashes = 0;
	while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
	return slashes % 2 === 1;
}
