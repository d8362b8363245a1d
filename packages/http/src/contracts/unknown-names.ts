import { z } from 'zod';

type Schema = z.core.JSONSchema.JSONSchema;

/** A name that a request has and its contract does not. */
export interface UnknownName {
	/** RFC 6901, into the part of the request. */
	pointer: string;
	/** What is known at that place. */
	known: string[];
}

/** Finds names that a contract does not know, in a value that keeps to it. */
export type UnknownNames = (value: unknown) => UnknownName[];

/** Undefined for a value of another type than the schema's, in which nothing can be looked for. */
type Finder = (value: unknown, pointer: string) => UnknownName[] | undefined;

/** zod takes what it does not know for nothing, so a misspelled option would be an option not given. */
export function unknownNamesOf(contract: z.ZodType): UnknownNames {
	const find = finderOf(
		z.toJSONSchema(contract, { io: 'input', reused: 'inline', unrepresentable: 'any' }),
	);
	return (value) => find(value, '') ?? [];
}

const anything: Finder = () => [];
const scalar: Finder = (value) => (typeof value === 'object' && value !== null ? undefined : []);

function finderOf(schema: Schema | boolean): Finder {
	if (typeof schema === 'boolean' || '$ref' in schema) return anything;
	const choices = schema.anyOf ?? schema.oneOf;
	if (choices !== undefined) return fewestOf(choices.map(finderOf));
	if (schema.allOf !== undefined) return objectFinder(schema.allOf);
	if (schema.type === 'object') return objectFinder([schema]);
	if (schema.type === 'array') return arrayFinder(schema.items);
	return schema.type === undefined && schema.const === undefined ? anything : scalar;
}

/** Which of the choices a value was meant for is told by the one that knows most of it. */
function fewestOf(finders: Finder[]): Finder {
	return (value, pointer) =>
		finders
			.flatMap((find) => {
				const found = find(value, pointer);
				return found === undefined ? [] : [found];
			})
			.sort((one, other) => one.length - other.length)[0];
}

function arrayFinder(items: Schema['items']): Finder {
	if (items === undefined || Array.isArray(items)) return anything;
	const find = finderOf(items);
	return (value, pointer) =>
		Array.isArray(value)
			? value.flatMap((entry, index) => find(entry, `${pointer}/${index}`) ?? [])
			: undefined;
}

/** @param schemas  that hold together, as those of an intersection do */
function objectFinder(schemas: readonly (Schema | boolean)[]): Finder {
	const objects = schemas.filter((schema) => typeof schema === 'object');
	const isOpen = objects.some(
		({ additionalProperties: more, properties }) =>
			(more !== undefined && more !== false) || properties === undefined,
	);
	const finders = new Map(
		objects.flatMap(({ properties }) =>
			Object.entries(properties ?? {}).map(([name, property]) => [name, finderOf(property)]),
		),
	);
	return (value, pointer) => {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
		return Object.entries(value).flatMap(([name, entry]) => {
			const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
			const find = finders.get(name);
			if (find !== undefined) return find(entry, at) ?? [];
			return isOpen ? [] : [{ pointer: at, known: [...finders.keys()] }];
		});
	};
}
