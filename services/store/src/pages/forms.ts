import { Problem } from '@autopilot/http';
import { z } from 'zod';

/** Fields of a posted form, one value each, trimmed and of sane length. */
export type Form = ReadonlyMap<string, string>;

const LONGEST = 2000;

export function formOf(body: unknown): Form {
	if (typeof body !== 'string') return new Map();
	return new Map(
		[...new URLSearchParams(body)].map(([name, value]) => [name, value.trim().slice(0, LONGEST)]),
	);
}

export function field(form: Form, name: string): string {
	return form.get(name) ?? '';
}

/** What was filled in: an empty field is one that was left out. */
export function filled(form: Form, names: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		names.map((name) => [name, field(form, name)]).filter(([, value]) => value !== ''),
	);
}

/** Of an address, as the forms name them. */
export const ADDRESS_FIELDS = [
	'line1',
	'line2',
	'postalCode',
	'city',
	'region',
	'country',
	'phone',
];

const LABELS: Record<string, string> = {
	email: 'E-mail',
	name: 'Name',
	line1: 'Street and number',
	postalCode: 'Postal code',
	city: 'City',
	country: 'Country',
	phone: 'Phone',
};

/** What to tell a person of a fault that a machine was told of. */
export function tellPerson(error: unknown): string | undefined {
	if (error instanceof z.ZodError) {
		const names = [...new Set(error.issues.map(({ path }) => String(path.at(-1) ?? '')))];
		return `Please check: ${names.map((name) => LABELS[name] ?? name).join(', ')}.`;
	}
	if (error instanceof Problem && error.status < 500) return error.message;
	return undefined;
}
