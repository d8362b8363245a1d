import {
	countWords,
	formatPrice,
	ScriptError,
	wordBudget,
	type Beat,
	type Brief,
	type ProductFacts,
	type Script,
	type ScriptWriter,
} from './script-writer.ts';

/** The phrases around the facts. They claim nothing that the product does not say. */
const phrases = {
	en: {
		hooks: ['Meet {title}.', 'Say hello to {title}.', 'This is {title}.'],
		by: 'Meet {title}, by {brand}.',
		problem: ['What makes it special?', 'Why would you want one?', 'So what is in it for you?'],
		price: 'All of that for {price}.',
		pricePlain: 'And the price? {price}.',
		priceHeadline: 'Yours for',
		action: 'Get {title} today.',
		actionAt: 'Get {title} today, at {site}.',
		actionHeadline: 'Get yours today',
		topicHook: '{topic}.',
		topicAction: 'Follow for more.',
		topicHeadline: 'Follow for more',
	},
	de: {
		hooks: ['Das ist {title}.', 'Sag Hallo zu {title}.', 'Hier kommt {title}.'],
		by: 'Das ist {title}, von {brand}.',
		problem: ['Was macht es besonders?', 'Warum solltest du es haben?', 'Und was hast du davon?'],
		price: 'All das für {price}.',
		pricePlain: 'Und der Preis? {price}.',
		priceHeadline: 'Nur',
		action: 'Hol dir {title} noch heute.',
		actionAt: 'Hol dir {title} noch heute, auf {site}.',
		actionHeadline: 'Jetzt holen',
		topicHook: '{topic}.',
		topicAction: 'Folge uns für mehr.',
		topicHeadline: 'Mehr davon',
	},
};

export function offlineLanguages(): string[] {
	return Object.keys(phrases);
}

/** The default writer: no key, no network. Beats from the product's own facts and nothing else. */
export function createOfflineWriter(): ScriptWriter {
	return {
		name: 'offline',
		// async: a fault is a rejection, as with every other writer
		write: async (brief) => writeOffline(brief),
	};
}

function writeOffline(brief: Brief): Script {
	const language = brief.language.slice(0, 2).toLowerCase();
	if (language !== 'en' && language !== 'de') {
		throw new ScriptError(
			`The offline writer knows ${offlineLanguages().join(' and ')}, not ${brief.language}: ` +
				'pass `script`, or set OPENAI_API_KEY on the service',
		);
	}
	const words = phrases[language];
	if (brief.product) {
		return {
			title: brief.product.title,
			beats: productBeats(brief.product, brief, words),
			writer: 'offline',
		};
	}
	const sentences = splitSentences(brief.topic ?? '');
	const [first = ''] = sentences;
	if (first === '') throw new ScriptError('Give a product, a topic or a script');
	const beats: Beat[] = [
		{ kind: 'hook', say: endSentence(first), headline: shorten(first, 48) },
		...sentences.slice(1, 7).map((say): Beat => ({ kind: 'story', say: endSentence(say) })),
		{ kind: 'action', say: words.topicAction, headline: words.topicHeadline },
	];
	return { title: shorten(first, 60), beats: fit(beats, brief.seconds), writer: 'offline' };
}

function productBeats(
	product: ProductFacts,
	brief: Brief,
	words: (typeof phrases)[keyof typeof phrases],
): Beat[] {
	const title = shorten(product.title, 60);
	// The same product gets the same wording every time, different products vary.
	const seed = [...title].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
	const pick = (list: string[]) => list[seed % list.length] ?? '';
	const site = siteOf(product.url);
	const described = splitSentences(product.description ?? '');
	const facts = [
		...(product.features ?? []).map((feature) => feature.trim()).filter(Boolean),
		...described.slice(1),
	].filter((fact, index, all) => all.indexOf(fact) === index);

	const hook = product.brand
		? fill(words.by, { title, brand: product.brand })
		: fill(pick(words.hooks), { title });
	const beats: Beat[] = [{ kind: 'hook', say: hook, headline: title }];
	const problem = described[0] ?? pick(words.problem);
	beats.push({ kind: 'problem', say: endSentence(shorten(problem, 140)) });
	for (const fact of facts.slice(0, 5)) {
		const say = endSentence(shorten(fact, 120));
		beats.push({ kind: 'fact', say, headline: shorten(fact, 64) });
	}
	if (product.price) {
		const price = formatPrice(product.price, brief.language);
		const say = fill(facts.length > 0 ? words.price : words.pricePlain, { price });
		beats.push({ kind: 'price', say, headline: words.priceHeadline });
	}
	const action = fill(site ? words.actionAt : words.action, { title, site });
	beats.push({ kind: 'action', say: action, headline: words.actionHeadline });
	return fit(beats, brief.seconds);
}

/** Drops the least needed beats until the words fit: stories, facts from the last, the problem. */
function fit(beats: Beat[], seconds: number): Beat[] {
	const kept = [...beats];
	const tooLong = () =>
		kept.reduce((sum, beat) => sum + countWords(beat.say), 0) > wordBudget(seconds, kept.length);
	for (const kind of ['story', 'fact', 'problem', 'price'] as const) {
		while (tooLong()) {
			const index = kept.findLastIndex((beat) => beat.kind === kind);
			const isLastFact =
				kind === 'fact' && kept.filter((beat) => beat.kind === 'fact').length === 1;
			if (index === -1 || isLastFact) break;
			kept.splice(index, 1);
		}
	}
	while (tooLong() && kept.some((beat) => beat.kind === 'fact')) {
		kept.splice(
			kept.findIndex((beat) => beat.kind === 'fact'),
			1,
		);
	}
	return kept;
}

/** Sentences of a text; markup and line breaks become blanks. */
export function splitSentences(text: string): string[] {
	const plain = text
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	return plain
		.split(/(?<=[.!?…])\s+(?=[\p{Lu}\p{N}"“„])/u)
		.map((sentence) => sentence.trim())
		.filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function endSentence(text: string): string {
	return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Cuts at a word, never inside one unless the word alone is longer. */
export function shorten(text: string, length: number): string {
	const plain = text.replace(/\s+/g, ' ').trim();
	if (plain.length <= length) return plain;
	const cut = plain.slice(0, length + 1);
	const blank = cut.lastIndexOf(' ');
	return (blank > length / 2 ? cut.slice(0, blank) : plain.slice(0, length)).replace(
		/[\s,;:–-]+$/,
		'',
	);
}

function fill(template: string, values: Record<string, string>): string {
	return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

function siteOf(url: string | undefined): string {
	if (url === undefined) return '';
	const parsed = URL.parse(url);
	const host = parsed?.hostname.replace(/^www\./, '') ?? '';
	// An address or a bare machine name is nothing to read aloud.
	return /^(?!\d+\.\d+\.\d+\.\d+$)[\w-]+(\.[\w-]+)+$/.test(host) ? host : '';
}
