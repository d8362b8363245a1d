import type { z } from 'zod';

type Schema = z.core.JSONSchema.JSONSchema;

/** What a checker answers for a value that breaks the contract. */
export const MISMATCH = Symbol('mismatch');

/** Answers the value with only what its contract names, or {@link MISMATCH}. */
export type Checker = (value: unknown) => unknown;

const NOT_KNOWN_HERE = ['$ref', 'allOf', 'not', 'if', 'patternProperties', 'prefixItems'];

/** @returns undefined for a schema that uses more of JSON Schema than is known here */
export function checkerOf(schema: Schema | boolean): Checker | undefined {
	if (schema === true) return anything;
	if (schema === false || NOT_KNOWN_HERE.some((word) => word in schema)) return undefined;
	if (schema.const !== undefined) return oneOf([schema.const]);
	if (schema.enum !== undefined) return oneOf(schema.enum);
	const choices = schema.anyOf ?? schema.oneOf;
	if (choices !== undefined) return firstOf(choices);
	// zod says "nullable" with a list of types, which the types of JSON Schema do not know.
	const type: unknown = schema.type;
	if (Array.isArray(type)) return firstOf(type.map((one) => ({ ...schema, type: one })));
	switch (schema.type) {
		case undefined:
			return anything;
		case 'object':
			return objectChecker(schema);
		case 'array':
			return arrayChecker(schema.items);
		case 'string':
			return only((value) => typeof value === 'string');
		case 'integer':
			return only(Number.isSafeInteger);
		case 'number':
			return only(Number.isFinite);
		case 'boolean':
			return only((value) => typeof value === 'boolean');
		case 'null':
			return only((value) => value === null);
		default:
			return undefined;
	}
}

const anything: Checker = (value) => value;

function only(holds: (value: unknown) => boolean): Checker {
	return (value) => (holds(value) ? value : MISMATCH);
}

function oneOf(allowed: readonly unknown[]): Checker {
	return only((value) => allowed.includes(value));
}

function firstOf(choices: readonly (Schema | boolean)[]): Checker | undefined {
	const checkers = allKnown(choices.map(checkerOf));
	if (checkers === undefined) return undefined;
	return (value) => {
		for (const check of checkers) {
			const answer = check(value);
			if (answer !== MISMATCH) return answer;
		}
		return MISMATCH;
	};
}

function arrayChecker(items: Schema['items']): Checker | undefined {
	const check = Array.isArray(items) ? undefined : checkerOf(items ?? true);
	if (check === undefined) return undefined;
	return (value) => {
		if (!Array.isArray(value)) return MISMATCH;
		const answer: unknown[] = new Array(value.length);
		for (let i = 0; i < value.length; i++) {
			const entry = check(value[i]);
			if (entry === MISMATCH) return MISMATCH;
			answer[i] = entry;
		}
		return answer;
	};
}

function objectChecker(schema: Schema): Checker | undefined {
	const properties = Object.entries(schema.properties ?? {});
	const names = properties.map(([name]) => name);
	const checkers = allKnown(properties.map(([, property]) => checkerOf(property)));
	const more = schema.additionalProperties ?? false;
	const rest = checkerOf(more);
	if (checkers === undefined || (rest === undefined && more !== false)) return undefined;
	const required = new Set(schema.required);
	return (value) => {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return MISMATCH;
		const given = value as Readonly<Record<string, unknown>>;
		const answer: Record<string, unknown> = {};
		for (let i = 0; i < names.length; i++) {
			const name = names[i] ?? '';
			const entry = given[name];
			if (entry === undefined) {
				if (required.has(name) && checkers[i] !== anything) return MISMATCH;
				continue;
			}
			const checked = checkers[i]?.(entry);
			if (checked === MISMATCH) return MISMATCH;
			answer[name] = checked;
		}
		return rest === undefined || keepRest(given, answer, rest) ? answer : MISMATCH;
	};
}

function keepRest(
	given: Readonly<Record<string, unknown>>,
	answer: Record<string, unknown>,
	check: Checker,
): boolean {
	for (const [name, entry] of Object.entries(given)) {
		if (entry === undefined || Object.hasOwn(answer, name)) continue;
		const checked = check(entry);
		if (checked === MISMATCH) return false;
		// A plain assignment of `__proto__` would set the prototype and lose the entry.
		Object.defineProperty(answer, name, { value: checked, enumerable: true });
	}
	return true;
}

function allKnown(checkers: (Checker | undefined)[]): Checker[] | undefined {
	return checkers.every((checker) => checker !== undefined) ? checkers : undefined;
}
