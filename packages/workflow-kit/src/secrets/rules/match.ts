/** A secret in a text. */
export interface Match {
	kind: string;
	title: string;
	start: number;
	end: number;
	severity: 'error' | 'warning';
}

/** Of one text; with so many it goes as a whole. */
export const MAX_MATCHES = 200;

/** Unless it lies in one that was found before: the first rule that matches names the place. */
export function add(
	found: Match[],
	match: Omit<Match, 'severity'>,
	severity: Match['severity'] = 'error',
): void {
	if (found.length >= MAX_MATCHES) return;
	if (found.some(({ start, end }) => match.start < end && start < match.end)) return;
	found.push({ ...match, severity });
}

/** Not in the middle of a word, but after `%20` of a URL and `\n` of a string in a string. */
export function beginsWord(text: string, at: number): boolean {
	if (!isWord(text.charCodeAt(at - 1))) return true;
	return text[at - 2] === '\\' || (text[at - 3] === '%' && isWord(text.charCodeAt(at - 2)));
}

function isWord(code: number): boolean {
	return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

export function isDigit(code: number): boolean {
	return code >= 48 && code <= 57;
}

/** '' for what is not base64 of text. */
export function decodeBase64(text: string): string {
	const decoded = Buffer.from(text, 'base64').toString('utf8');
	return decoded.includes('\uFFFD') ? '' : decoded;
}
