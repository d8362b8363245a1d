import { isObject, step, type Json, type JsonObject } from '../model/json.ts';

/** A text inside a node's parameters that n8n evaluates, or that looks as if it were meant to be. */
export interface Expression {
	text: string;
	pointer: string;
	/** The top-level parameter that it stands in. */
	parameter: string;
}

interface Place {
	key: string | number;
	above: Place | undefined;
}

/** All texts with `=` in front or `{{` inside; without recursion, in the order of the file. */
export function findExpressions(parameters: JsonObject, pointer: string): Expression[] {
	const found: Expression[] = [];
	for (const parameter of Object.keys(parameters)) {
		const todo: [Json | undefined, Place][] = [
			[parameters[parameter], { key: parameter, above: undefined }],
		];
		for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
			const [value, place] = next;
			if (typeof value === 'string') {
				if (value.charCodeAt(0) === 61 || value.includes('{{'))
					found.push({ text: value, pointer: pointer + pointerOf(place), parameter });
			} else if (Array.isArray(value)) {
				for (let index = value.length - 1; index >= 0; index--)
					todo.push([value[index], { key: index, above: place }]);
			} else if (isObject(value)) {
				for (const key of Object.keys(value).reverse())
					todo.push([value[key], { key, above: place }]);
			}
		}
	}
	return found;
}

function pointerOf(place: Place): string {
	let pointer = '';
	for (let at: Place | undefined = place; at !== undefined; at = at.above)
		pointer = step(at.key) + pointer;
	return pointer;
}
