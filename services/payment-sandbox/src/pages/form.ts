import { decodeForm, type FormValue } from '../wire/form.ts';

/** A field of a posted form, cut to a sane length. */
export function field(body: unknown, name: string): string {
	const value: FormValue | undefined =
		typeof body === 'string' ? decodeForm(body)[name] : undefined;
	return typeof value === 'string' ? value.trim().slice(0, 254) : '';
}
