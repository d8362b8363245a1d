import { add, decodeBase64, type Match } from './match.ts';
import { secretName } from './names.ts';
import { isPassword, isPlaceholder, isToken } from './plausible.ts';

const SCHEME =
	/(?:Bearer|Basic|Token|Bot|ApiKey|Api-Key|Key|Digest|Klaviyo-API-Key|Zoho-oauthtoken|OAuth|SSWS|GenieKey|DeepL-Auth-Key|Splunk)(?:\s|%20|\+){1,4}/iy;
/** Of a name before its colon, and of a value after it. */
const NAME_LENGTH = 60;
const VALUE_LENGTH = 2048;

/**
 * Secrets inside a text that only their name betrays: `"x-api-key": "..."`, `API_KEY=...`,
 * `?token=...`, `password: '...'`, and what stands after `Bearer` and `Basic`. Looks at each colon
 * and equals sign once, a bounded way back and forth: linear.
 */
export function namedSecrets(text: string, found: Match[]): void {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === 58 || code === 61) atSeparator(text, at, found);
		else if ((code === 66 || code === 98) && /[aAeE]/.test(text[at + 1] ?? ''))
			atScheme(text, at, found);
	}
}

function atSeparator(text: string, at: number, found: Match[]): void {
	const isUrl = text.startsWith('://', at);
	if (isUrl) {
		userInfo(text, at + 3, found);
		return;
	}
	const { name, inQuery } = nameBefore(text, at);
	if (name === '') return;
	const kind = secretNameOf(name, inQuery);
	if (kind === undefined) return;
	const { start, end, quoted } = valueAfter(text, at + 1);
	const value = text.slice(start, end);
	const credible =
		kind === 'password' && quoted
			? isPassword(value)
			: isToken(decodePercent(value), quoted ? 12 : 16);
	if (!credible || decodesToPlaceholder(value)) return;
	const title = kind === 'password' ? 'password' : 'secret';
	add(found, {
		kind: kind === 'password' ? 'password' : 'named',
		title: `${title} "${name}"`,
		start,
		end,
	});
}

/** `API Key` is two words; its first one alone is none of a secret. */
function secretNameOf(name: string, inQuery: boolean): ReturnType<typeof secretName> {
	const words = name.split(' ');
	const last = words.at(-1) ?? '';
	return (
		secretName(last, inQuery ? 'query' : 'other') ??
		(words.length > 1 ? secretName(words.slice(-2).join('')) : undefined)
	);
}

function nameBefore(text: string, separator: number): { name: string; inQuery: boolean } {
	let end = separator;
	while (separator - end < 6 && /[\s"'`\\*_\]]/.test(text[end - 1] ?? '')) end--;
	let start = end;
	while (end - start < NAME_LENGTH && /[A-Za-z0-9_.\- ]/.test(text[start - 1] ?? '')) start--;
	const before = text[start - 1];
	const inQuery = text[separator] === '=' && (before === '?' || before === '&');
	return { name: text.slice(start, end).trim(), inQuery };
}

function valueAfter(text: string, from: number): { start: number; end: number; quoted: boolean } {
	let start = from;
	while (start - from < 8 && /[\s=>"'`\\*]/.test(text[start] ?? '')) start++;
	const quoted = /["'`]/.test(text.slice(from, start));
	SCHEME.lastIndex = start;
	const scheme = SCHEME.exec(text)?.[0];
	if (scheme !== undefined) start += scheme.length;
	return { start, end: endOfValue(text, start), quoted };
}

function endOfValue(text: string, start: number): number {
	const limit = Math.min(text.length, start + VALUE_LENGTH);
	let end = start;
	while (end < limit && !/[\s"'`<>&;,\\{}()[\]#|]/.test(text[end] ?? '')) end++;
	// the full stop of a sentence
	while (end > start && /[.,:!?*]/.test(text[end - 1] ?? '')) end--;
	return end;
}

const BEARER = /(?:Bearer|Basic)(?:\s|%20|\+){1,4}/iy;

function atScheme(text: string, at: number, found: Match[]): void {
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
	while (end < limit && !/[\s/?#"'`<>\\]/.test(text[end] ?? '')) end++;
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

function decodesToPlaceholder(value: string): boolean {
	return isPlaceholder(decodePercent(value));
}

function decodePercent(text: string): string {
	if (!text.includes('%')) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
