/** Source tokens of a sentence with what the engine is given to read for each. */
export interface SpokenToken {
	text: string;
	spoken: string;
	/** Character range of `spoken` in the text handed to the engine. */
	start: number;
	end: number;
}

const currencyNames: Record<string, Record<string, [string, string, string]>> = {
	en: {
		'€': ['euro', 'euros', 'cents'],
		$: ['dollar', 'dollars', 'cents'],
		'£': ['pound', 'pounds', 'pence'],
	},
	de: {
		'€': ['Euro', 'Euro', ''],
		$: ['Dollar', 'Dollar', ''],
		'£': ['Pfund', 'Pfund', ''],
	},
};

const price =
	/^([€$£])?(\d{1,3}(?:[.,' \u00a0\u202f]?\d{3})*|\d+)(?:[.,](\d{2}))?[ \u00a0\u202f]?([€$£])?([.,!?;:]*)$/u;

/**
 * What is said for one written token: espeak-ng reads "€49.99" digit by digit after the point and
 * emits several word events for it, so amounts are written out ("49 euros 99").
 */
export function spokenForm(token: string, language: string): string {
	const match = price.exec(token);
	const symbol = match?.[1] ?? match?.[4];
	const names = currencyNames[language.slice(0, 2)];
	const name = symbol === undefined ? undefined : names?.[symbol];
	if (!match || !name) return token.replace(/[*_#`~^|<>{}[\]\\]/g, ' ');
	const whole = (match[2] ?? '').replace(/\D/g, '');
	const cents = match[3] ?? '00';
	const unit = whole === '1' ? name[0] : name[1];
	return `${whole} ${unit}${cents === '00' ? '' : ` ${Number(cents)}`}${match[5] ?? ''}`;
}

/**
 * Splits at blanks (a no-break space keeps "49,99 €" one token) and lays out the text to be read.
 */
export function spokenTokens(sentence: string, language: string): SpokenToken[] {
	const tokens: SpokenToken[] = [];
	let at = 0;
	for (const text of sentence.split(/[ \t\r\n]+/)) {
		if (text === '') continue;
		const last = tokens.at(-1);
		// A lone dash or bullet is shown with its neighbour: nothing is said for it.
		if (last && !/[\p{L}\p{N}]/u.test(text)) {
			last.text += ` ${text}`;
			continue;
		}
		const spoken = spokenForm(text, language);
		const length = [...spoken].length;
		tokens.push({ text, spoken, start: at, end: at + length });
		at += length + 1;
	}
	return tokens;
}

/**
 * Gives every token its start: the first event inside its range counts (one token may raise
 * several). A token without an event (a dash, a symbol) shares the time up to the next one.
 */
export function placeTokens(
	tokens: readonly SpokenToken[],
	events: readonly { position: number; ms: number }[],
	endMs: number,
): { text: string; startMs: number; endMs: number }[] {
	const starts = tokens.map(
		(token) =>
			events.find((event) => event.position >= token.start && event.position < token.end)?.ms,
	);
	const placed: { text: string; startMs: number; endMs: number }[] = [];
	let previous = 0;
	for (const [index, token] of tokens.entries()) {
		let known = starts[index];
		if (known === undefined || known < previous) {
			const nextIndex = starts.findIndex(
				(ms, at) => at > index && ms !== undefined && ms >= previous,
			);
			const next = nextIndex === -1 ? endMs : (starts[nextIndex] ?? endMs);
			const gap = (nextIndex === -1 ? tokens.length : nextIndex) - index + 1;
			known = index === 0 ? 0 : previous + (next - previous) / gap;
		}
		const last = placed.at(-1);
		if (last) last.endMs = known;
		placed.push({ text: token.text, startMs: known, endMs });
		previous = known;
	}
	return placed;
}
