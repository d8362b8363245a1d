import { knownTokens, SHORTEST } from './rules/known.ts';
import { add, type Match } from './rules/match.ts';
import { namedSecrets } from './rules/named.ts';
import { secretName } from './rules/names.ts';
import { isPassword, isToken } from './rules/plausible.ts';
import type { TextAt } from './walk.ts';

const AWS_SECRET = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;

/** The secrets in one text, in their order. */
export function secretsIn({ text, label, place, isKey }: TextAt): Match[] {
	if (text.length < 6) return [];
	const found = knownTokens(text);
	if (isKey) return found;
	if (found.some(({ kind }) => kind === 'aws')) awsSecrets(text, found);
	if (text.length >= SHORTEST) namedSecrets(text, found);
	const kind = secretName(label, place === 'query' ? 'query' : 'other');
	if (kind !== undefined && place !== 'note') labelled(text, label, kind, found);
	return found.length < 2 ? found : found.toSorted((left, right) => left.start - right.start);
}

/** The other half of an AWS key has no mark of its own; it stands beside the first. */
function awsSecrets(text: string, found: Match[]): void {
	for (const match of text.slice(0, 100_000).matchAll(AWS_SECRET)) {
		const { index } = match;
		if (isToken(match[0], 40) && /[a-z]/.test(match[0]) && /[A-Z]/.test(match[0]))
			add(found, { kind: 'aws', title: 'AWS secret key', start: index, end: index + 40 });
	}
}

/** The value of a field whose name says that it is a secret: its literal parts, without expressions. */
function labelled(text: string, label: string, kind: 'password' | 'token', found: Match[]): void {
	for (const [start, end] of literalParts(text)) {
		const value = text.slice(start, end);
		const credible = kind === 'password' ? isPassword(value) : isToken(value, 12);
		if (!credible) continue;
		const title = `${kind === 'password' ? 'password' : 'secret'} "${label.slice(0, 60)}"`;
		add(found, { kind: kind === 'password' ? 'password' : 'named', title, start, end });
	}
}

/** Words of the text outside of `{{ }}`, without the scheme before them. */
function literalParts(text: string): [number, number][] {
	const parts: [number, number][] = [];
	let at = text.startsWith('=') ? 1 : 0;
	while (at < text.length && parts.length < 100) {
		const open = text.indexOf('{{', at);
		const end = open === -1 ? text.length : open;
		wordsOf(text, at, end, parts);
		const close = open === -1 ? -1 : text.indexOf('}}', open);
		if (close === -1) break;
		at = close + 2;
	}
	return parts;
}

function wordsOf(text: string, from: number, to: number, parts: [number, number][]): void {
	// a long text under a secret's name is prose or data, in which names are looked for
	if (to - from > 4096) return;
	for (const match of text.slice(from, to).matchAll(/[^\s,;"'`]+/g))
		if (parts.length < 100) parts.push([from + match.index, from + match.index + match[0].length]);
}
