import { step, type Json, type JsonObject } from '../model/json.ts';

/** A text inside a node's parameters that n8n evaluates, or that looks as if it were meant to be. */
export interface Expression {
	text: string;
	pointer: string;
	/** The top-level parameter that it stands in. */
	parameter: string;
}

const EQUALS = 61;

/** All texts with `=` in front or `{{` inside, in the order of the file. Its depth is bounded by what parse() takes. */
export function findExpressions(parameters: JsonObject, pointer: string): Expression[] {
	const found: Expression[] = [];
	const path: (string | number)[] = [];
	const look = (value: Json | undefined): void => {
		if (typeof value === 'string') {
			if (value.charCodeAt(0) !== EQUALS && !value.includes('{{')) return;
			found.push({
				text: value,
				pointer: pointer + path.map(step).join(''),
				parameter: String(path[0] ?? ''),
			});
			return;
		}
		if (typeof value !== 'object' || value === null) return;
		if (Array.isArray(value)) {
			for (let index = 0; index < value.length; index += 1) {
				path.push(index);
				look(value[index]);
				path.pop();
			}
			return;
		}
		for (const key of Object.keys(value)) {
			path.push(key);
			look(value[key]);
			path.pop();
		}
	};
	look(parameters);
	return found;
}
