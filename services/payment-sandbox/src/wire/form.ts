/** A decoded parameter: text, a list or an object. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = Record<string, FormValue>;

/** No Stripe parameter nests deeper; a longer name is an attack or a mistake. */
const MAX_DEPTH = 10;

/**
 * Decodes Stripe's form encoding: `line_items[0][price_data][unit_amount]=999&expand[]=customer`.
 * Objects whose names are 0, 1, 2 ... become arrays, except metadata, whose names belong to the caller.
 */
export function decodeForm(text: string): Form {
	const form: Form = Object.create(null);
	if (text === '') return form;
	for (const pair of text.split('&')) {
		const equals = pair.indexOf('=');
		const name = decode(equals === -1 ? pair : pair.slice(0, equals));
		set(form, pathOf(name), equals === -1 ? '' : decode(pair.slice(equals + 1)));
	}
	return arraysIn(form);
}

function decode(text: string): string {
	const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
	if (!spaced.includes('%')) return spaced;
	try {
		return decodeURIComponent(spaced);
	} catch (error) {
		if (error instanceof URIError) return spaced;
		throw error;
	}
}

function pathOf(name: string): string[] {
	const bracket = name.indexOf('[');
	if (bracket <= 0) return [name];
	const rest = name.slice(bracket + 1).replace(/\]$/, '');
	return [name.slice(0, bracket), ...rest.split('][')].slice(0, MAX_DEPTH);
}

function set(form: Form, path: string[], value: string): void {
	let at = form;
	for (const [depth, part] of path.entries()) {
		const name = part === '' ? String(Object.keys(at).length) : part;
		if (depth === path.length - 1) {
			at[name] = value;
			return;
		}
		const next = at[name];
		if (typeof next === 'object' && !Array.isArray(next)) {
			at = next;
		} else {
			const made: Form = Object.create(null);
			at[name] = made;
			at = made;
		}
	}
}

function arraysIn(form: Form): Form {
	for (const [name, value] of Object.entries(form)) {
		if (typeof value !== 'object' || Array.isArray(value) || name === 'metadata') continue;
		const inner = arraysIn(value);
		const names = Object.keys(inner);
		const isArray = names.length > 0 && names.every((key, index) => key === String(index));
		form[name] = isArray ? Object.values(inner) : inner;
	}
	return form;
}
