/** A line of a text that was changed: ' ' in both, '-' only before, '+' only after. */
export interface LineChange {
	sign: ' ' | '-' | '+';
	text: string;
}

/** Above this many cells of the table the middle is shown as replaced. */
const MAX_CELLS = 1_000_000;

/** What it takes to make one list of another, by the longest common subsequence. */
export function diffLists<T>(
	before: readonly T[],
	after: readonly T[],
	isSame: (a: T, b: T) => boolean,
): { sign: ' ' | '-' | '+'; item: T }[] {
	let start = 0;
	while (start < before.length && start < after.length && same(start, start)) start++;
	let tail = 0;
	while (
		tail < before.length - start &&
		tail < after.length - start &&
		same(before.length - 1 - tail, after.length - 1 - tail)
	)
		tail++;
	const result: { sign: ' ' | '-' | '+'; item: T }[] = after
		.slice(0, start)
		.map((item) => ({ sign: ' ', item }));
	result.push(
		...middle(
			before.slice(start, before.length - tail),
			after.slice(start, after.length - tail),
			isSame,
		),
	);
	for (const item of after.slice(after.length - tail)) result.push({ sign: ' ', item });
	return result;

	function same(left: number, right: number): boolean {
		const [a, b] = [before[left], after[right]];
		return a !== undefined && b !== undefined && isSame(a, b);
	}
}

function middle<T>(
	before: readonly T[],
	after: readonly T[],
	isSame: (a: T, b: T) => boolean,
): { sign: ' ' | '-' | '+'; item: T }[] {
	const columns = after.length + 1;
	if (before.length * columns > MAX_CELLS)
		return [
			...before.map((item) => ({ sign: '-' as const, item })),
			...after.map((item) => ({ sign: '+' as const, item })),
		];
	const lengths = new Uint32Array((before.length + 1) * columns);
	const at = (row: number, column: number) => lengths[row * columns + column] ?? 0;
	for (let row = before.length - 1; row >= 0; row--)
		for (let column = after.length - 1; column >= 0; column--)
			lengths[row * columns + column] = same(row, column)
				? at(row + 1, column + 1) + 1
				: Math.max(at(row + 1, column), at(row, column + 1));
	const result: { sign: ' ' | '-' | '+'; item: T }[] = [];
	let row = 0;
	let column = 0;
	while (row < before.length || column < after.length) {
		const left = before[row];
		const right = after[column];
		if (left !== undefined && right !== undefined && same(row, column)) {
			result.push({ sign: ' ', item: right });
			row++;
			column++;
		} else if (
			left !== undefined &&
			(right === undefined || at(row + 1, column) >= at(row, column + 1))
		) {
			result.push({ sign: '-', item: left });
			row++;
		} else if (right !== undefined) {
			result.push({ sign: '+', item: right });
			column++;
		} else break;
	}
	return result;

	function same(left: number, right: number): boolean {
		const [a, b] = [before[left], after[right]];
		return a !== undefined && b !== undefined && isSame(a, b);
	}
}

export function diffLines(before: string, after: string): LineChange[] {
	const equal = (a: string, b: string) => a === b;
	return diffLists(before.split('\n'), after.split('\n'), equal).map(({ sign, item }) => ({
		sign,
		text: item,
	}));
}

/** The changed lines with `around` lines before and after each; gaps are undefined. */
export function hunks(lines: readonly LineChange[], around = 2): (LineChange | undefined)[] {
	const shown = new Set<number>();
	lines.forEach(({ sign }, index) => {
		if (sign === ' ') return;
		for (let at = index - around; at <= index + around; at++) shown.add(at);
	});
	const result: (LineChange | undefined)[] = [];
	let gap = false;
	lines.forEach((line, index) => {
		if (shown.has(index)) {
			if (gap && result.length > 0) result.push(undefined);
			gap = false;
			result.push(line);
		} else gap = true;
	});
	return result;
}
