import { createHash } from 'node:crypto';

/** SQL that every connection prepares on its first use and then only executes. */
export interface Statement {
	readonly name: string;
	readonly text: string;
}

/**
 * Makes a prepared statement of SQL that is sent often: parsing and planning is most of the work of a short query.
 * For constants of a module only, since a connection keeps every statement that it was given.
 */
export function statement(text: string): Statement {
	return { name: createHash('sha256').update(text).digest('hex').slice(0, 24), text };
}
