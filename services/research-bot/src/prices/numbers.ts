export interface NumberToken {
	/** Plain decimal, `.` as the mark, no grouping: `1299.5`. */
	plain: string;
	/** False when grouping and decimals could be told apart by convention only (`1.299`). */
	certain: boolean;
	/** Whether the text itself shows grouping or decimals, as prices do and counts seldom. */
	formatted: boolean;
	start: number;
	end: number;
}

const number =
	/(?<!\d|\d[.,'])(?:\d{1,3}(?: \d{3})+(?!\d)(?:[.,·]\d{1,4})?(?![\d])|\d+(?:[.,'·٫٬]\d+)*)/gu;

/** All numbers of a normalised text. `decimals` are those of the likely currency. */
export function findNumbers(text: string, decimals: number): NumberToken[] {
	const found: NumberToken[] = [];
	for (const match of text.matchAll(number)) {
		const token = match[0];
		const read = readNumber(token, decimals);
		if (read === null) continue;
		found.push({ ...read, start: match.index, end: match.index + token.length });
	}
	return found;
}

/**
 * Tells grouping from decimals. Two kinds of separators: the last is the decimal mark. One kind more
 * than once: grouping (Indian 1,23,456 too). A single one: decimal mark, except before exactly three
 * digits, where it groups (1.299 is a four-figure price nearly everywhere), unless the currency has
 * three decimals or the number begins with zero.
 */
export function readNumber(
	token: string,
	decimals: number,
): Omit<NumberToken, 'start' | 'end'> | null {
	const marks = [...token.matchAll(/[^\d]/gu)].map((match) => ({
		mark: match[0],
		at: match.index,
	}));
	const last = marks.at(-1);
	if (last === undefined) return { plain: token, certain: true, formatted: false };
	const kinds = new Set(marks.map(({ mark }) => mark));
	const before = digitsOf(token.slice(0, last.at));
	const after = token.slice(last.at + 1);
	const decimal = { plain: `${before}.${after}`, certain: true, formatted: true };
	const grouped = { plain: digitsOf(token), certain: true, formatted: true };

	if (last.mark === '٫') return decimal;
	if (last.mark === '٬' || last.mark === ' ') return grouped;
	if (kinds.size > 2) return null;
	if (kinds.size === 2) {
		const lastIsRepeated = marks.filter(({ mark }) => mark === last.mark).length > 1;
		return lastIsRepeated ? null : decimal;
	}
	if (marks.length > 1) {
		// 10.05.2024 and 1.2.3 are dates and versions: groups have three digits, Indian ones two.
		const groups = token.split(last.mark).slice(1);
		const western = groups.every((group) => group.length === 3);
		const indian = groups.at(-1)?.length === 3 && groups.slice(0, -1).every((g) => g.length === 2);
		return western || indian ? grouped : null;
	}
	if (after.length !== 3 || before.length > 3 || /^0/.test(before)) return decimal;
	if (last.mark === "'") return grouped;
	return decimals === 3 ? { ...decimal, certain: false } : { ...grouped, certain: false };
}

function digitsOf(text: string): string {
	return text.replace(/\D/gu, '');
}
