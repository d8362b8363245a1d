import { readDiscordToken, readPrivateKey, readTelegramToken, readWebToken } from './forms.ts';
import { add, beginsWord, MAX_MATCHES, type Match } from './match.ts';
import { isRandomRest } from './plausible.ts';
import { TOKEN_RULES, type TokenRule } from './tokens.ts';

interface Start {
	start: string;
	read(text: string, at: number, found: Match[]): number;
}

const STARTS: readonly Start[] = [
	...TOKEN_RULES.flatMap((rule) => rule.starts.map((start) => tokenStart(start, rule))),
	{ start: '-----BEGIN', read: readPrivateKey },
	{ start: 'eyJ', read: readWebToken },
	{ start: ':AA', read: readTelegramToken },
	{ start: '%3AAA', read: readTelegramToken },
];

// By the first two characters, the longer ones first: they know better, sk-ant- before sk-.
const LISTS: Start[][] = [[]];
/** Which of LISTS a pair of characters begins; most begin none. */
const LIST_OF_PAIR = new Uint8Array(128 * 128);
for (const one of STARTS.toSorted((left, right) => right.start.length - left.start.length)) {
	const pair = one.start.charCodeAt(0) * 128 + one.start.charCodeAt(1);
	if (LIST_OF_PAIR[pair] === 0) LIST_OF_PAIR[pair] = LISTS.push([]) - 1;
	LISTS[LIST_OF_PAIR[pair] ?? 0]?.push(one);
}
const FULL_STOP = 46;

/** No known token is shorter. */
export const SHORTEST = 12;

/**
 * Tokens that their beginning or form gives away. One pass over the text; what follows a beginning
 * is matched at that place alone and with a bound, so it is linear, whatever the text is.
 */
export function knownTokens(text: string): Match[] {
	const found: Match[] = [];
	const last = text.length - SHORTEST;
	for (let at = 0; at <= last && found.length < MAX_MATCHES;) {
		const first = text.charCodeAt(at);
		if (first === FULL_STOP) {
			at = readDiscordToken(text, at, found);
			continue;
		}
		const second = text.charCodeAt(at + 1);
		const list = first < 128 && second < 128 ? (LIST_OF_PAIR[first * 128 + second] ?? 0) : 0;
		const one = list === 0 ? undefined : startAt(text, at, LISTS[list] ?? []);
		at = one === undefined ? at + 1 : one.read(text, at, found);
	}
	return found;
}

function startAt(text: string, at: number, starts: Start[]): Start | undefined {
	for (const one of starts) if (text.startsWith(one.start, at)) return one;
	return undefined;
}

function tokenStart(start: string, rule: TokenRule): Start {
	return {
		start,
		read(text, at, found) {
			if (!beginsWord(text, at)) return at + 1;
			rule.rest.lastIndex = at + start.length;
			const rest = rule.rest.exec(text)?.[0];
			if (rest === undefined) return at + 1;
			// not all of a placeholder again at its next beginning: a megabyte of `xoxb-` took seconds
			if (!isRandomRest(rest)) return at + start.length + Math.min(rest.length, 16);
			const end = at + start.length + rest.length;
			add(found, { kind: rule.kind, title: rule.title, start: at, end }, rule.severity);
			return end;
		},
	};
}
