import { add, beginsWord, decodeBase64, isDigit, type Match } from './match.ts';
import { isRandomRest } from './plausible.ts';

// Secrets known by their form. Each reader is called where its beginning stands, adds what it finds
// and answers with the place from which to go on.

const PEM_LIMIT = 16_384;
const PEM_HEAD = /^-----BEGIN(?:[ +]|%20)(?:[A-Z]{2,10}(?:[ +]|%20)){0,3}PRIVATE(?:[ +]|%20)KEY/;

/** PEM, also with `\n` written out or URL-encoded. */
export function readPrivateKey(text: string, at: number, found: Match[]): number {
	if (!PEM_HEAD.test(text.slice(at, at + 80))) return at + 1;
	const window = text.slice(at, at + PEM_LIMIT);
	const close = window.indexOf('-----END');
	const dashes = close === -1 ? -1 : window.indexOf('-----', close + 8);
	const end = at + (dashes === -1 ? (close === -1 ? window.length : close) : dashes + 5);
	const body = text.slice(at + 27, end).replace(/\\n|\\r|%0A|%0D|\s/g, '');
	if (/[A-Za-z0-9+/=]{40}/.test(body) && !/\.\.\.|…|xxxxx|your/i.test(body))
		add(found, { kind: 'private-key', title: 'private key', start: at, end });
	return end;
}

const JWT = /eyJ[\w-]{8,2048}\.eyJ[\w-]{8,8192}\.[\w-]{20,2048}/y;
const RUN = /[\w-]+/y;

export function readWebToken(text: string, at: number, found: Match[]): number {
	if (!beginsWord(text, at)) return at + 1;
	JWT.lastIndex = at;
	const token = JWT.exec(text)?.[0];
	if (token === undefined) {
		// a long run that is no JWT is not tried again at each of its places
		RUN.lastIndex = at;
		RUN.test(text);
		return RUN.lastIndex;
	}
	const claims = decodeBase64(token.split('.')[1] ?? '');
	const end = at + token.length;
	// the example of jwt.io
	if (/"John Doe"|"sub":\s?"1234567890"/.test(claims)) return end;
	// a key that is made for browsers
	const isPublic = /"role":\s?"anon"/.test(claims);
	const match = { kind: 'jwt', title: 'JSON web token', start: at, end };
	add(found, match, isPublic ? 'warning' : 'error');
	return end;
}

const TELEGRAM = /(?::|%3A)(AA[\w-]{32,34})(?![\w-])/y;

/** `<8 to 10 digits>:AA...`, in URLs after `bot`. */
export function readTelegramToken(text: string, at: number, found: Match[]): number {
	TELEGRAM.lastIndex = at;
	const rest = TELEGRAM.exec(text);
	if (rest === null || !isRandomRest(rest[1] ?? '')) return at + 1;
	let start = at;
	while (at - start < 11 && isDigit(text.charCodeAt(start - 1))) start--;
	if (at - start < 8 || at - start > 10) return at + 1;
	const end = at + rest[0].length;
	add(found, { kind: 'telegram', title: 'Telegram bot token', start, end });
	return end;
}

const DISCORD_TAIL = /\.[\w-]{6}\.[\w-]{27,38}(?![\w-])/y;

/** `<base64 of the bot's id>.<6>.<27 to 38>`, at the first full stop. */
export function readDiscordToken(text: string, at: number, found: Match[]): number {
	if (text[at + 7] !== '.') return at + 1;
	const head = /(?:^|[^\w-])([MNO][\w-]{22,27})$/.exec(text.slice(Math.max(0, at - 29), at))?.[1];
	if (head === undefined || !/^\d{16,20}$/.test(decodeBase64(head))) return at + 1;
	DISCORD_TAIL.lastIndex = at;
	const tail = DISCORD_TAIL.exec(text)?.[0];
	if (tail === undefined) return at + 1;
	const [start, end] = [at - head.length, at + tail.length];
	add(found, { kind: 'discord', title: 'Discord bot token', start, end });
	return end;
}
