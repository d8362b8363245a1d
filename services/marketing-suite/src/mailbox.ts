import { z } from 'zod';

/** Somebody to write from or to. Kept apart, never as one text, so that no part can smuggle in another. */
export interface Mailbox {
	name: string | null;
	email: string;
}

// Control characters end a header line in one program or another.
const CONTROL = /\p{Cc}/u;

export const email = z
	.email({ message: 'must be an e-mail address such as ada@example.com' })
	.max(254);
export const displayName = z
	.string()
	.trim()
	.min(1)
	.max(200)
	.refine((text) => !CONTROL.test(text), 'must not contain line breaks or control characters');

/** `Ada <ada@example.com>` or `ada@example.com`; undefined for anything else. */
export function parseMailbox(text: string): Mailbox | undefined {
	const [, name = '', address = ''] = /^(?:"?([^"<>]*?)"?\s*<([^<>]+)>)$/.exec(text.trim()) ?? [];
	const given = address === '' ? text.trim() : address;
	if (!email.safeParse(given).success || CONTROL.test(name)) return undefined;
	return { name: name === '' ? null : name, email: given };
}

/** One line for a mail header: what would end the line, or is no text, becomes a space. */
export function oneLine(text: string, maxLength: number): string {
	return text
		.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
		.trim()
		.slice(0, maxLength);
}
