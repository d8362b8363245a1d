import { z } from 'zod';
import { StripeError } from './error.ts';
import type { Form } from './form.ts';

// Everything arrives as text; these give it back its type.
export const text = z.string().min(1).max(5000);
export const integer = z
	.string()
	.regex(/^-?\d{1,15}$/, 'integer')
	.transform(Number);
export const count = z
	.string()
	.regex(/^\d{1,15}$/, 'nonnegative')
	.transform(Number);
export const decimal = z
	.string()
	.regex(/^\d{1,12}(\.\d{1,12})?$/, 'decimal')
	.transform(Number);
export const flag = z.enum(['true', 'false']).transform((word) => word === 'true');
export const currency = z
	.string()
	.regex(/^[a-zA-Z]{3}$/)
	.transform((code) => code.toLowerCase());
/** Stripe's limits: 50 names of 40 characters with 500 each; an empty value removes the name. */
export const metadata = z
	.union([
		z.literal('').transform(() => ({})),
		z.record(z.string().min(1).max(40), z.string().max(500)),
	])
	.refine((entries) => Object.keys(entries).length <= 50, 'too many');
/** A parameter that is unset by an empty value. */
export const emptyable = <Shape extends z.ZodType>(schema: Shape) =>
	z.union([z.literal('').transform(() => null), schema]);
export const address = z.strictObject({
	city: z.string().optional(),
	country: z.string().optional(),
	line1: z.string().optional(),
	line2: z.string().optional(),
	postal_code: z.string().optional(),
	state: z.string().optional(),
});
export const shipping = z.strictObject({
	address,
	name: z.string().optional(),
	phone: z.string().optional(),
	carrier: z.string().optional(),
	tracking_number: z.string().optional(),
});

const range = z.union([
	integer.transform((at) => ({ gte: at, lte: at })),
	z.strictObject({
		gt: integer.optional(),
		gte: integer.optional(),
		lt: integer.optional(),
		lte: integer.optional(),
	}),
]);

/** What every list takes. */
export const listing = {
	limit: integer.pipe(z.number().min(1).max(100)).default(10),
	starting_after: text.optional(),
	ending_before: text.optional(),
	created: range.optional(),
};
export type Listing = {
	limit: number;
	starting_after?: string | undefined;
	ending_before?: string | undefined;
	created?:
		| {
				gt?: number | undefined;
				gte?: number | undefined;
				lt?: number | undefined;
				lte?: number | undefined;
		  }
		| undefined;
};

const REMOVED: Record<string, string> = {
	payment_method_types:
		'It was removed in 2026; use allowed_payment_method_types, excluded_payment_method_types or nothing.',
	coupon: 'It moved to discounts.',
};

/**
 * Checks a request's parameters as Stripe does: unknown ones are refused, never passed over.
 * @throws {StripeError} 400 parameter_unknown, parameter_missing or parameter_invalid_*
 */
export function checkParameters<Shape extends z.ZodObject>(
	schema: Shape,
	form: Form,
): z.output<Shape> {
	const { expand: _expand, ...own } = form;
	const result = schema.safeParse(own);
	if (result.success) return result.data;
	throw fault(deepest(result.error.issues), own);
}

type Issue = z.core.$ZodIssue;

/** Of a union the branch that got furthest tells what is wrong. */
function deepest(issues: Issue[], prefix: PropertyKey[] = []): Issue {
	const [first] = issues;
	if (first === undefined) throw new Error('a failed parse has issues');
	const path = [...prefix, ...first.path];
	if (first.code !== 'invalid_union') return { ...first, path };
	const branches = first.errors.filter(
		([issue]) => issue !== undefined && issue.code !== 'invalid_value',
	);
	const best = branches.sort(
		([one], [other]) => (other?.path.length ?? 0) - (one?.path.length ?? 0),
	)[0];
	return best === undefined ? { ...first, path } : deepest(best, path);
}

function fault(issue: Issue, form: Form): StripeError {
	if (issue.code === 'unrecognized_keys') {
		const name = issue.keys[0] ?? '';
		const param = parameterName([...issue.path, name]);
		const hint = REMOVED[name];
		return new StripeError(
			400,
			`Received unknown parameter: ${param}${hint === undefined ? '' : `. ${hint}`}`,
			{ code: 'parameter_unknown', param },
		);
	}
	const param = parameterName(issue.path);
	const given = valueAt(form, issue.path);
	if (given === undefined) {
		return new StripeError(400, `Missing required param: ${param}.`, {
			code: 'parameter_missing',
			param,
		});
	}
	if (given === '') {
		return new StripeError(
			400,
			`You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
			{ code: 'parameter_invalid_empty', param },
		);
	}
	if (issue.message === 'integer' || issue.message === 'nonnegative') {
		return new StripeError(400, `Invalid integer: ${shown(given)}`, {
			code: 'parameter_invalid_integer',
			param,
		});
	}
	return new StripeError(400, `Invalid ${param}: ${shown(given)}`, { param });
}

function parameterName([first, ...rest]: PropertyKey[]): string {
	return `${String(first ?? '')}${rest.map((part) => `[${String(part)}]`).join('')}`;
}

function valueAt(form: Form, path: PropertyKey[]): unknown {
	let at: unknown = form;
	for (const part of path) {
		if (typeof at !== 'object' || at === null) return undefined;
		at = Reflect.get(at, part);
	}
	return at;
}

function shown(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Stripe merges metadata: what is named is set, an empty value removes the name. */
export function mergeMetadata(
	old: Record<string, string>,
	given: Record<string, string> | undefined,
): Record<string, string> {
	if (given === undefined) return old;
	const merged = { ...old, ...given };
	return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}
