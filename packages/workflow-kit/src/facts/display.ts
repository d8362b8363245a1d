import { isObject, own, type Json, type JsonObject } from '../model/json.ts';
import type { Conditions, Shown } from './schema.ts';

/** Where a condition looks values up. */
export interface DisplayScope {
	/** A parameter beside the one in question. */
	sibling(name: string): Json | undefined;
	/** A parameter of the node itself; dots lead into objects. */
	root(path: string): Json | undefined;
	version: number;
	/** The node is a tool made of another type. */
	isTool: boolean;
}

/**
 * Whether n8n shows a parameter, by its rules: every `show` must hold and no `hide`; a value that is an expression shows
 * it, because nobody knows what it will be.
 */
export function isShown({ show, hide }: Shown, scope: DisplayScope): boolean {
	if (show !== undefined) {
		for (const name in show) {
			const value = valueOf(name, scope);
			if (isComputed(value)) return true;
			if (!holds(show[name] ?? [], value)) return false;
		}
	}
	if (hide !== undefined) {
		for (const name in hide) {
			const value = valueOf(name, scope);
			if (Array.isArray(value) && value.length === 0) continue;
			if (holds(hide[name] ?? [], value)) return false;
		}
	}
	return true;
}

/** Whether it can be shown at all in this version; the other conditions are left aside. */
export function existsIn({ show, hide }: Shown, version: number): boolean {
	const of = (conditions: Conditions | undefined) => conditions?.['@version'];
	const [shown, hidden] = [of(show), of(hide)];
	if (shown !== undefined && !holds(shown, version)) return false;
	return hidden === undefined || !holds(hidden, version);
}

/** The same without the condition on the version, which is met already. */
export function withoutVersion<Facts extends Shown>(facts: Facts): Facts {
	const rest = (conditions: Conditions | undefined): Conditions | undefined => {
		if (conditions?.['@version'] === undefined) return conditions;
		const { '@version': _version, ...others } = conditions;
		return Object.keys(others).length === 0 ? undefined : others;
	};
	const { show, hide, ...own } = facts;
	const [shown, hidden] = [rest(show), rest(hide)];
	if (shown === show && hidden === hide) return facts;
	const stripped = { ...own, ...(shown && { show: shown }), ...(hidden && { hide: hidden }) };
	return stripped as Facts;
}

function valueOf(name: string, scope: DisplayScope): Json | undefined {
	const first = name.charCodeAt(0);
	let value: Json | undefined;
	if (first === SLASH) value = scope.root(name.slice(1));
	else if (first !== AT) value = scope.sibling(name);
	else if (name === '@version') value = scope.version;
	else if (name === '@tool') value = scope.isTool;
	else value = scope.sibling(name);
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	return own(value, '__rl') === true ? own(value, 'value') : value;
}

const SLASH = 47;
const AT = 64;
const EQUALS = 61;

function isComputed(value: Json | undefined): boolean {
	if (typeof value === 'string') return value.charCodeAt(0) === EQUALS;
	return Array.isArray(value) && value.some(isComputed);
}

/** Any of the conditions; a list of values must have one of the wanted, or all pass the test. */
function holds(conditions: Json[], value: Json | undefined): boolean {
	for (const condition of conditions) {
		if (typeof condition !== 'object' || condition === null) {
			if (value === condition || (Array.isArray(value) && value.includes(condition))) return true;
			continue;
		}
		const test = isObject(condition) ? own(condition, '_cnd') : undefined;
		if (isObject(test) && passes(test, Array.isArray(value) ? value : [value])) return true;
	}
	return false;
}

function passes(test: JsonObject, values: (Json | undefined)[]): boolean {
	const [operator = ''] = Object.keys(test);
	const wanted = own(test, operator);
	if (values.length === 0) return operator === 'not';
	return values.every((value) => passesOne(operator, wanted, value));
}

function passesOne(operator: string, wanted: Json | undefined, value: Json | undefined): boolean {
	const text = typeof value === 'string' ? value : undefined;
	const target = typeof wanted === 'string' ? wanted : '';
	switch (operator) {
		case 'eq':
			return same(value, wanted);
		case 'not':
			return !same(value, wanted);
		case 'gte':
			return number(value) >= number(wanted);
		case 'lte':
			return number(value) <= number(wanted);
		case 'gt':
			return number(value) > number(wanted);
		case 'lt':
			return number(value) < number(wanted);
		case 'between':
			return (
				isObject(wanted) &&
				number(value) >= number(own(wanted, 'from')) &&
				number(value) <= number(own(wanted, 'to'))
			);
		case 'includes':
			return text?.includes(target) ?? false;
		case 'startsWith':
			return text?.startsWith(target) ?? false;
		case 'endsWith':
			return text?.endsWith(target) ?? false;
		case 'exists':
			return value !== null && value !== undefined && value !== '';
		// A pattern may be slow on a hostile value; n8n's own conditions need none of the rest.
		default:
			return false;
	}
}

function number(value: Json | undefined): number {
	return typeof value === 'number' ? value : Number.NaN;
}

function same(left: Json | undefined, right: Json | undefined): boolean {
	if (left === right) return true;
	if (typeof left !== 'object' || typeof right !== 'object') return false;
	return JSON.stringify(left) === JSON.stringify(right);
}

/** What a dotted path leads to. */
export function atPath(object: JsonObject, path: string): Json | undefined {
	if (!path.includes('.')) return own(object, path);
	let value: Json | undefined = object;
	for (const key of path.split('.')) {
		if (!isObject(value)) return undefined;
		value = own(value, key);
	}
	return value;
}
