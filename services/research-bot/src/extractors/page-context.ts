import { currencyOfCountry } from '../prices/currencies.ts';
import { readHead } from './head.ts';
import type { Head } from './head.ts';

/** A fetched page as the extractors see it. */
export interface PageContext {
	/** After redirects. */
	url: string;
	html: string;
	head: Head;
	/** ISO 3166-1 alpha-2, where the page's market can be guessed. */
	country: string | null;
	countryCurrency: string | null;
}

/** Country-code domains that the whole world uses as generic ones. */
const genericDomains = new Set('ai cc co fm gg io la ly me sh so to tv ws eu'.split(' '));
const countryOfLanguage: Record<string, string> = {
	de: 'DE',
	fr: 'FR',
	it: 'IT',
	es: 'ES',
	nl: 'NL',
	pt: 'PT',
	sv: 'SE',
	da: 'DK',
	nb: 'NO',
	nn: 'NO',
	no: 'NO',
	fi: 'FI',
	is: 'IS',
	pl: 'PL',
	cs: 'CZ',
	sk: 'SK',
	hu: 'HU',
	ro: 'RO',
	bg: 'BG',
	hr: 'HR',
	sl: 'SI',
	sr: 'RS',
	el: 'GR',
	tr: 'TR',
	ru: 'RU',
	uk: 'UA',
	he: 'IL',
	ja: 'JP',
	ko: 'KR',
	th: 'TH',
	vi: 'VN',
	id: 'ID',
	hi: 'IN',
	lt: 'LT',
	lv: 'LV',
	et: 'EE',
	ka: 'GE',
	kk: 'KZ',
};

export function pageContext(url: string, html: string): PageContext {
	const head = readHead(html);
	const country = countryOf(new URL(url), head);
	return {
		url,
		html,
		head,
		country,
		countryCurrency: country === null ? null : currencyOfCountry(country),
	};
}

function countryOf(url: URL, head: Head): string | null {
	const inPath = /^\/(?:[a-z]{2}[-_]([a-z]{2})|([a-z]{2})[-_][a-z]{2})(?:\/|$)/i.exec(url.pathname);
	const pathCountry = inPath?.[1] ?? inPath?.[2];
	if (pathCountry !== undefined && currencyOfCountry(pathCountry)) return pathCountry.toUpperCase();
	const domain = url.hostname.split('.').at(-1) ?? '';
	if (domain.length === 2 && !genericDomains.has(domain) && currencyOfCountry(domain)) {
		return domain === 'uk' ? 'GB' : domain.toUpperCase();
	}
	for (const locale of [head.metas.get('og:locale'), head.lang]) {
		const region = /^[a-z]{2,3}[-_]([a-z]{2})$/i.exec(locale ?? '')?.[1];
		if (region !== undefined) return region.toUpperCase();
	}
	return countryOfLanguage[head.lang?.slice(0, 2).toLowerCase() ?? ''] ?? null;
}
