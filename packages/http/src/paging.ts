import { z } from 'zod';

/** Query of every list. */
export const pageQuery = {
	limit: z.coerce.number().int().min(1).max(100).default(20),
	cursor: z.string().max(500).optional(),
};

/** Answer of every list: `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
	return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

/** Makes a page of rows that were read with `LIMIT limit + 1`. */
export function toPage<Row>(
	rows: Row[],
	limit: number,
	cursorOf: (row: Row) => string,
): { data: Row[]; nextCursor: string | null } {
	const data = rows.slice(0, limit);
	const last = data.at(-1);
	return { data, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
