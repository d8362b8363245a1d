const named: Record<string, string> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: '\u00a0',
	euro: '€',
	pound: '£',
	yen: '¥',
	cent: '¢',
	copy: '©',
	reg: '®',
	trade: '™',
	ndash: '–',
	mdash: '—',
	hellip: '…',
	rsquo: '’',
	lsquo: '‘',
	rdquo: '”',
	ldquo: '“',
	bdquo: '„',
	laquo: '«',
	raquo: '»',
	middot: '·',
	bull: '•',
	times: '×',
	deg: '°',
	auml: 'ä',
	ouml: 'ö',
	uuml: 'ü',
	Auml: 'Ä',
	Ouml: 'Ö',
	Uuml: 'Ü',
	szlig: 'ß',
	eacute: 'é',
	egrave: 'è',
	ecirc: 'ê',
	agrave: 'à',
	aacute: 'á',
	acirc: 'â',
	ccedil: 'ç',
	ntilde: 'ñ',
	oacute: 'ó',
	ocirc: 'ô',
	otilde: 'õ',
	oslash: 'ø',
	aring: 'å',
	aelig: 'æ',
	iacute: 'í',
	uacute: 'ú',
	Eacute: 'É',
};

/** Entities to characters. Unknown ones stay as they are. */
export function decodeHtml(text: string): string {
	if (!text.includes('&')) return text;
	return text.replace(
		/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+\d*));/gi,
		(all, hex, decimal, name) => {
			if (typeof name === 'string') return named[name] ?? all;
			const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
			return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
		},
	);
}

/** The text of a fragment: tags gone, entities decoded, white space collapsed. */
export function textOfHtml(html: string): string {
	const withoutTags = html
		.replace(/<!--[\s\S]*?-->/g, ' ')
		.replace(/<(script|style|noscript|template|svg)\b[\s\S]*?<\/\1\s*>/gi, ' ')
		.replace(/<[^>]+>/g, ' ');
	return decodeHtml(withoutTags).replace(/\s+/g, ' ').trim();
}
