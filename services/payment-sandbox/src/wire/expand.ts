import type { State } from '../state/state.ts';
import { refused } from './error.ts';

const MAX_DEPTH = 4;

/**
 * Replaces ids by objects: `latest_charge.balance_transaction`, on lists `data.customer`.
 * @param includable  what only `expand` brings, by the object's kind: `line_items` of a session, `payments` of an invoice
 */
export function expand(
	answer: object,
	paths: string[],
	state: State,
	includable: (object: object, name: string) => unknown,
): object {
	let expanded = answer;
	for (const path of paths) {
		const steps = path.split('.');
		if (steps.length > MAX_DEPTH) {
			throw refused(`You cannot expand more than ${MAX_DEPTH} levels of a property: ${path}`, {
				param: 'expand',
			});
		}
		expanded = at(expanded, steps, { state, includable, path });
	}
	return expanded;
}

interface Way {
	state: State;
	includable: (object: object, name: string) => unknown;
	path: string;
}

function at(value: object, [name, ...rest]: string[], way: Way): object {
	if (name === undefined) return value;
	if (Array.isArray(value)) return value.map((item) => at(item, [name, ...rest], way));
	const own: unknown = Reflect.get(value, name) ?? way.includable(value, name);
	if (own === undefined) {
		throw refused(
			`This property cannot be expanded (${name}). You may want to try expanding something else.`,
			{ param: 'expand' },
		);
	}
	if (own === null) return value;
	const found = typeof own === 'string' ? (way.state.find(own) ?? own) : own;
	const inner = typeof found === 'object' && found !== null ? at(found, rest, way) : found;
	return { ...value, [name]: inner };
}
