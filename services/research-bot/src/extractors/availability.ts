import { availabilityPhrases } from './availability-phrases.ts';

export type Availability =
	| 'in_stock'
	| 'limited'
	| 'preorder'
	| 'backorder'
	| 'in_store_only'
	| 'out_of_stock'
	| 'discontinued';

/** schema.org ItemAvailability, with or without the URL before it, in any case. */
const schemaTerms: Record<string, Availability> = {
	instock: 'in_stock',
	onlineonly: 'in_stock',
	madetoorder: 'in_stock',
	limitedavailability: 'limited',
	preorder: 'preorder',
	presale: 'preorder',
	backorder: 'backorder',
	instoreonly: 'in_store_only',
	outofstock: 'out_of_stock',
	soldout: 'out_of_stock',
	reserved: 'out_of_stock',
	discontinued: 'discontinued',
	// OpenGraph (Facebook catalogue) and others
	availablefororder: 'backorder',
	available: 'in_stock',
	oos: 'out_of_stock',
	unavailable: 'out_of_stock',
	pending: 'backorder',
};

/** Reads a machine-made value: `https://schema.org/InStock`, `instock`, `in stock`, `out_of_stock`. */
export function availabilityOfTerm(text: string): Availability | null {
	const term = text
		.trim()
		.replace(/^.*[/#:]/, '')
		.replace(/[\s_-]/g, '')
		.toLowerCase();
	return schemaTerms[term] ?? null;
}

export interface AvailabilityPhrase {
	value: Availability;
	/** The phrase that was found. */
	phrase: string;
}

/** Reads what a page tells people: `Nur noch 3 auf Lager`, `Rupture de stock`, `在庫切れ`. */
export function availabilityOfText(text: string): AvailabilityPhrase | null {
	const plain = text.toLowerCase().replace(/[’‘]/g, "'").replace(/\s+/g, ' ');
	for (const [value, list] of availabilityPhrases) {
		const phrase = list.find((candidate) => contains(plain, candidate));
		if (phrase !== undefined) return { value, phrase };
	}
	return null;
}

function contains(text: string, phrase: string): boolean {
	for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
		// At the beginning of a word; endings vary with grammar, so the end is open. Scripts written
		// without spaces have no word boundary to ask for.
		const previous = text[at - 1] ?? ' ';
		if (!/[\p{L}\p{N}]/u.test(previous) || /[\p{Lo}]/u.test(phrase[0] ?? '')) return true;
	}
	return false;
}
