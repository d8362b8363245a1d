/** Whether all that `part` names is in `whole`: keys that it does not name may be there, lists have as many entries. */
export function isPartOf(part: unknown, whole: unknown): boolean {
	return missingFrom(part, whole) === undefined;
}

/** Where the first difference is, and what it is: `data[0].price: expected 5, is 4`. */
export function missingFrom(part: unknown, whole: unknown, at = ''): string | undefined {
	if (Array.isArray(part)) {
		if (!Array.isArray(whole)) return told(at, part, whole);
		if (part.length !== whole.length)
			return `${at || 'it'}: expected ${part.length} entries, are ${whole.length}`;
		return first(part.map((item, index) => missingFrom(item, whole[index], `${at}[${index}]`)));
	}
	if (typeof part === 'object' && part !== null) {
		if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
			return told(at, part, whole);
		return first(
			Object.entries(part).map(([key, value]) =>
				Object.hasOwn(whole, key)
					? missingFrom(value, Reflect.get(whole, key), at === '' ? key : `${at}.${key}`)
					: `${at === '' ? key : `${at}.${key}`}: expected ${short(value)}, is missing`,
			),
		);
	}
	return Object.is(part, whole) ? undefined : told(at, part, whole);
}

function first(problems: (string | undefined)[]): string | undefined {
	return problems.find((problem) => problem !== undefined);
}

function told(at: string, part: unknown, whole: unknown): string {
	return `${at || 'it'}: expected ${short(part)}, is ${short(whole)}`;
}

/** A value on one line. */
export function short(value: unknown): string {
	const text = JSON.stringify(value) ?? String(value);
	return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
