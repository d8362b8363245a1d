import { TOKEN_RULES, type TokenRule } from './tokens.ts';
import { isRandomRest } from './plausible.ts';

/** A secret in a text. */
export interface Match {
	kind: string;
	title: string;
	start: number;
	end: number;
	severity: 'error' | 'warning';
}

export interface Start {
	start: string;
	rule: TokenRule;
}

const STARTS: readonly Start[] = TOKEN_RULES.flatMap((rule) =>
	rule.starts.map((start) => ({ start, rule })),
)
	// the longer beginning knows better: sk-ant- before sk-
	.toSorted((left, right) => right.start.length - left.start.length);
export const SHORTEST = 12;

/**
 * Tokens that are known by their beginning, private keys, JWTs, and the two that are known by their
 * form only (Telegram, Discord). Each beginning is looked up by indexOf and the rest is matched at
 * that place alone, with a bound: linear, whatever the text is.
 */
export function knownTokens(text: string, starts: readonly Start[] = STARTS): Match[] {
	if (text.length < SHORTEST) return [];
	const found: Match[] = [];
	for (const { start, rule } of starts) startingWith(text, start, rule, found);
	privateKeys(text, found);
	webTokens(text, found);
	telegramTokens(text, found);
	discordTokens(text, found);
	return found;
}

function startingWith(text: string, start: string, rule: TokenRule, found: Match[]): void {
	for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + start.length)) {
		if (!beginsWord(text, at)) continue;
		rule.rest.lastIndex = at + start.length;
		const rest = rule.rest.exec(text)?.[0];
		if (rest === undefined || !isRandomRest(rest)) continue;
		const end = at + start.length + rest.length;
		add(found, { kind: rule.kind, title: rule.title, start: at, end }, rule.severity);
		at = end - start.length;
	}
}

/** The beginnings that a whole document has at all: most have three or four of the hundred. */
export function startsIn(document: string): readonly Start[] {
	return STARTS.filter(({ start }) => document.includes(start));
}

/** Not in the middle of a word, but after `%20` of a URL and `\n` of a string in a string. */
export function beginsWord(text: string, at: number): boolean {
	if (!isWord(text.charCodeAt(at - 1))) return true;
	return text[at - 2] === '\\' || (text[at - 3] === '%' && isWord(text.charCodeAt(at - 2)));
}

function isWord(code: number): boolean {
	return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

const PEM_LIMIT = 16_384;

/** PEM, also with `\n` written out or URL-encoded. */
function privateKeys(text: string, found: Match[]): void {
	for (let at = text.indexOf('-----BEGIN'); at !== -1; at = text.indexOf('-----BEGIN', at + 10)) {
		const head = text.slice(at, at + 80);
		if (!/^-----BEGIN(?:[ +]|%20)(?:[A-Z]{2,10}(?:[ +]|%20)){0,3}PRIVATE(?:[ +]|%20)KEY/.test(head))
			continue;
		const window = text.slice(at, at + PEM_LIMIT);
		const close = window.indexOf('-----END');
		const dashes = close === -1 ? -1 : window.indexOf('-----', close + 8);
		const end = at + (dashes === -1 ? (close === -1 ? window.length : close) : dashes + 5);
		const body = text.slice(at + 27, end).replace(/\\n|\\r|%0A|%0D|\s/g, '');
		if (/[A-Za-z0-9+/=]{40}/.test(body) && !/\.\.\.|…|xxxxx|your/i.test(body))
			add(found, { kind: 'private-key', title: 'private key', start: at, end });
		at = Math.max(at, end - 10);
	}
}

const JWT = /eyJ[\w-]{8,2048}\.eyJ[\w-]{8,8192}\.[\w-]{20,2048}/y;

function webTokens(text: string, found: Match[]): void {
	for (let at = text.indexOf('eyJ'); at !== -1; at = text.indexOf('eyJ', at + 3)) {
		if (!beginsWord(text, at)) continue;
		JWT.lastIndex = at;
		const token = JWT.exec(text)?.[0];
		if (token === undefined) {
			// a long run that is no JWT is not tried again at each of its places
			at = skipRun(text, at);
			continue;
		}
		const claims = decodeBase64(token.split('.')[1] ?? '');
		// the example of jwt.io, and keys that are made for browsers
		if (!/"John Doe"|"sub":\s*"1234567890"/.test(claims)) {
			const isPublic = /"role":\s*"anon"/.test(claims);
			add(
				found,
				{ kind: 'jwt', title: 'JSON web token', start: at, end: at + token.length },
				isPublic ? 'warning' : undefined,
			);
		}
		at += token.length - 3;
	}
}

function skipRun(text: string, from: number): number {
	let at = from;
	while (at < text.length && isWord(text.charCodeAt(at))) at++;
	return Math.max(at - 3, from);
}

const TELEGRAM = /AA[\w-]{32,34}(?![\w-])/y;

/** `<8 to 10 digits>:AA...`, in URLs after `bot`. */
function telegramTokens(text: string, found: Match[]): void {
	for (const colon of [':', '%3A']) {
		for (let at = text.indexOf(`${colon}AA`); at !== -1; at = text.indexOf(`${colon}AA`, at + 3)) {
			TELEGRAM.lastIndex = at + colon.length;
			const rest = TELEGRAM.exec(text)?.[0];
			if (rest === undefined || !isRandomRest(rest)) continue;
			let start = at;
			while (at - start < 11 && isDigit(text.charCodeAt(start - 1))) start--;
			if (at - start < 8 || at - start > 10) continue;
			const end = at + colon.length + rest.length;
			add(found, { kind: 'telegram', title: 'Telegram bot token', start, end });
		}
	}
}

function isDigit(code: number): boolean {
	return code >= 48 && code <= 57;
}

const DISCORD_TAIL = /\.[\w-]{6}\.[\w-]{27,38}(?![\w-])/y;

/** `<base64 of the bot's id>.<6>.<27 to 38>`. */
function discordTokens(text: string, found: Match[]): void {
	for (let at = text.indexOf('.'); at !== -1; at = text.indexOf('.', at + 1)) {
		if (text[at + 7] !== '.') continue;
		const head = /(?:^|[^\w-])([MNO][\w-]{22,27})$/.exec(text.slice(Math.max(0, at - 29), at))?.[1];
		if (head === undefined || !/^\d{16,20}$/.test(decodeBase64(head))) continue;
		DISCORD_TAIL.lastIndex = at;
		const tail = DISCORD_TAIL.exec(text)?.[0];
		if (tail === undefined) continue;
		const start = at - head.length;
		add(found, { kind: 'discord', title: 'Discord bot token', start, end: at + tail.length });
	}
}

/** '' for what is not base64 of text. */
export function decodeBase64(text: string): string {
	const bytes = Buffer.from(text, 'base64');
	const decoded = bytes.toString('utf8');
	return decoded.includes('\uFFFD') ? '' : decoded;
}

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

/** Of one text. */
export const MAX_MATCHES = 200;
