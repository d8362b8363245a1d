/**
 * Cursor paging: a page ends at the sort key of its last row, and the next begins after it.
 * Offsets would repeat or skip rows that are added meanwhile, and slow down as they grow.
 */

/** @param key  values of the ORDER BY columns in the last row of the page, the id last */
export function encodeCursor(key: readonly string[]): string {
	return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * @param columns  how many values the key must have
 * @returns the key, or undefined for a cursor that was not made by `encodeCursor`
 */
export function decodeCursor(cursor: string, columns: number): string[] | undefined {
	try {
		const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
		const valid =
			Array.isArray(key) && key.length === columns && key.every((v) => typeof v === 'string');
		return valid ? key : undefined;
	} catch {
		return undefined;
	}
}
