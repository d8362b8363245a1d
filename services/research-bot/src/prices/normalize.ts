const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** Zeros of the scripts shops write prices in; their other digits follow. */
const zeros = ['٠', '۰', '०', '০', '๐'].map((zero) => zero.codePointAt(0) ?? 0);

/** One spelling for spaces, digits, apostrophes and dashes, so that the grammar stays small. */
export function normalizePriceText(text: string): string {
	return joinCents(
		text
			// Bidi marks, zero-width spaces and soft hyphens stand inside numbers unseen.
			.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, '')
			.replace(/(\d)\s?([⁰¹²³⁴⁵⁶⁷⁸⁹]{2})/g, (_all, digit: string, cents: string) => {
				return `${digit}.${[...cents].map((c) => superscripts.indexOf(c)).join('')}`;
			})
			.normalize('NFKC')
			.replace(/[٠-٩۰-۹०-९০-৯๐-๙]/g, toAsciiDigit)
			.replace(/[’‘ʼ′´`＇]/g, "'")
			.replace(/[‐‑‒–—−―]/g, '-')
			.replace(/\s+/g, ' ')
			.trim(),
	);
}

/** Puts decimals together that signs, split spans and dashes hold apart. */
function joinCents(text: string): string {
	return (
		text
			// "$.99"
			.replace(/(\p{Sc})\.(?=\d{2}(?!\d))/gu, '$10.')
			// "1.299 , 90"
			.replace(/(\d) ?([.,]) (?=\d{2}(?!\d))|(\d) ([.,])(?=\d{2}(?!\d))/g, '$1$3$2$4')
			// "12 € 99", "12€99", "12 zł 99 gr", but not "12 € 99 €"
			.replace(
				/(\d) ?(€|zł|kč|£) ?(\d{2})(?: ?(?:gr|ct|cents?))?(?![\d.,%]| ?\p{Sc}| ?zł| ?kč)/giu,
				'$1.$3 $2',
			)
			// "49 99 zł" and nothing else
			.replace(/^(\D{0,6}\d{1,4}) (\d{2})( ?\D{0,6})$/u, '$1.$2$3')
			// "49,- " "99:-"
			.replace(/(\d)[.,:] ?-(?!\d)/g, '$1 ')
	);
}

function toAsciiDigit(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const zero = zeros.find((candidate) => code >= candidate && code <= candidate + 9);
	return zero === undefined ? character : String(code - zero);
}
