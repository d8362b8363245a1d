import { add, decodeBase64, MAX_MATCHES, type Match } from './match.ts';
import { secretName, type NameKind } from './names.ts';
import { isPassword, isPlaceholder, isToken } from './plausible.ts';

const SCHEME =
	/(?:Bearer|Basic|Token|Bot|ApiKey|Api-Key|Key|Digest|Klaviyo-API-Key|Zoho-oauthtoken|OAuth|SSWS|GenieKey|DeepL-Auth-Key|Splunk)(?:\s|%20|\+){1,4}/iy;
const SPACE = ' \t\r\n\f\v\u00a0';
const NAME = characters(' -_.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
const AFTER_NAME = characters(`${SPACE}"'\`\\*_]`);
const BEFORE_VALUE = characters(`${SPACE}=>"'\`\\*`);
const AFTER_VALUE = characters(`${SPACE}"'\`<>&;,\\{}()[]#|`);
const AFTER_HOST = characters(`${SPACE}/?#"'\`<>\\`);
const AFTER_B = characters('aAeE');
const SENTENCE = characters('.,:!?*');

/** A table is ten times faster than a regular expression per character. */
function characters(list: string): Uint8Array {
	const table = new Uint8Array(256);
	for (const character of list) table[character.charCodeAt(0)] = 1;
	return table;
}

function isOneOf(table: Uint8Array, text: string, at: number): boolean {
	return table[text.charCodeAt(at)] === 1;
}

/** Of a name before its colon, and of a value after it. */
const NAME_LENGTH = 60;
const VALUE_LENGTH = 2048;

/**
 * Secrets inside a text that only their name betrays: `"x-api-key": "..."`, `API_KEY=...`,
 * `?token=...`, `password: '...'`, and what stands after `Bearer` and `Basic`. Looks at each colon
 * and equals sign once, a bounded way back and forth: linear.
 */
export function namedSecrets(text: string, found: Match[]): void {
	for (let at = 0; at < text.length && found.length < MAX_MATCHES; at++) {
		const code = text.charCodeAt(at);
		if (code > 98) continue;
		if (code === 58 || code === 61) at = atSeparator(text, at, found);
		else if (code === 66 || code === 98) atScheme(text, at, found);
	}
}

/** The place up to which it has read: a long value is not looked through for further names. */
function atSeparator(text: string, at: number, found: Match[]): number {
	if (text.startsWith('://', at)) {
		userInfo(text, at + 3, found);
		return at;
	}
	const named = secretNameBefore(text, at);
	if (named === undefined) return at;
	const { name, kind } = named;
	const { start, end, quoted } = valueAfter(text, at + 1);
	const value = text.slice(start, end);
	const isSecret =
		kind === 'password' && quoted
			? isPassword(value)
			: isToken(decodePercent(value), quoted ? 12 : 16);
	if (isSecret && !isPlaceholder(decodePercent(value))) {
		const title = `${kind === 'password' ? 'password' : 'secret'} "${name}"`;
		add(found, { kind: kind === 'password' ? 'password' : 'named', title, start, end });
	}
	return end - start > 200 ? end - 1 : at;
}

/** `const apiKey` is called apiKey; `API Key` has a name of two words. */
function secretNameBefore(
	text: string,
	separator: number,
): { name: string; kind: NameKind } | undefined {
	let end = separator;
	while (separator - end < 6 && isOneOf(AFTER_NAME, text, end - 1)) end--;
	let start = end;
	while (end - start < NAME_LENGTH && isOneOf(NAME, text, start - 1)) start--;
	if (end - start < 3) return undefined;
	const before = text[start - 1];
	const inQuery = text[separator] === '=' && (before === '?' || before === '&');
	const place = inQuery ? 'query' : 'other';
	const words = text.slice(start, end).trim();
	const space = words.lastIndexOf(' ');
	const name = words.slice(space + 1);
	const kind = secretName(name, place);
	if (kind !== undefined) return { name, kind };
	if (space === -1) return undefined;
	const longer = words.slice(words.lastIndexOf(' ', space - 1) + 1);
	const itsKind = secretName(longer, place);
	return itsKind && { name: longer, kind: itsKind };
}

function valueAfter(text: string, from: number): { start: number; end: number; quoted: boolean } {
	let start = from;
	while (start - from < 8 && isOneOf(BEFORE_VALUE, text, start)) start++;
	const quoted = /["'`]/.test(text.slice(from, start));
	SCHEME.lastIndex = start;
	const scheme = SCHEME.exec(text)?.[0];
	if (scheme !== undefined) start += scheme.length;
	return { start, end: endOfValue(text, start), quoted };
}

function endOfValue(text: string, start: number): number {
	const limit = Math.min(text.length, start + VALUE_LENGTH);
	let end = start;
	while (end < limit && !isOneOf(AFTER_VALUE, text, end) && !isInnerName(text, end)) end++;
	// the full stop of a sentence
	while (end > start && isOneOf(SENTENCE, text, end - 1)) end--;
	return end;
}

/** `=` ends base64, but stands before what has a name of its own: `a=1`. */
function isInnerName(text: string, at: number): boolean {
	return text[at] === '=' && isOneOf(NAME, text, at + 1) && text[at + 1] !== ' ';
}

const BEARER = /(?:Bearer|Basic)(?:\s|%20|\+){1,4}/iy;

function atScheme(text: string, at: number, found: Match[]): void {
	if (!isOneOf(AFTER_B, text, at + 1)) return;
	BEARER.lastIndex = at;
	const scheme = BEARER.exec(text)?.[0];
	if (scheme === undefined) return;
	const start = at + scheme.length;
	const end = endOfValue(text, start);
	const value = text.slice(start, end);
	if (/^basic/i.test(scheme)) {
		const login = decodeBase64(decodePercent(value));
		if (isLogin(login)) add(found, { kind: 'basic', title: 'Basic login', start, end });
	} else if (isToken(value, 16)) add(found, { kind: 'bearer', title: 'bearer token', start, end });
}

/** `user:password` of printable characters, of which one half is worth something. */
function isLogin(login: string): boolean {
	const colon = login.indexOf(':');
	// eslint-disable-next-line no-control-regex -- bytes that only look like base64
	if (colon === -1 || /[\u0000-\u001f]/.test(login)) return false;
	const [user, password] = [login.slice(0, colon), login.slice(colon + 1)];
	return isPassword(password) || (isToken(user, 12) && password.length < 20);
}

/** `https://user:password@host`. */
function userInfo(text: string, from: number, found: Match[]): void {
	const limit = Math.min(text.length, from + 400);
	let end = from;
	while (end < limit && !isOneOf(AFTER_HOST, text, end)) end++;
	const authority = text.slice(from, end);
	const sign = authority.lastIndexOf('@');
	const colon = authority.indexOf(':');
	if (sign === -1 || colon === -1 || colon > sign) return;
	const password = decodePercent(authority.slice(colon + 1, sign));
	if (
		isPlaceholder(password) ||
		password.length < 6 ||
		/^(pass|password|secret|pwd|token)$/i.test(password)
	) {
		const user = authority.slice(0, colon);
		if (isToken(user, 16))
			add(found, { kind: 'url-login', title: 'login in a URL', start: from, end: from + colon });
		return;
	}
	add(found, {
		kind: 'url-login',
		title: 'login in a URL',
		start: from + colon + 1,
		end: from + sign,
	});
}

function decodePercent(text: string): string {
	if (!text.includes('%')) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
