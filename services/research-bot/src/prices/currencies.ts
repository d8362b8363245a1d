/**
 * ISO 4217 minor units other than two. Not from Intl: CLDR shows HUF, IDR and COP without decimals,
 * whereas ISO 4217, and with it every payment provider, counts them in hundredths.
 */
const withoutDecimals = new Set(
	'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
);
const withThreeDecimals = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));
const known = new Set([...Intl.supportedValuesOf('currency'), 'BGN', 'HRK', 'XCG']);

export function minorDigits(currency: string | null): 0 | 2 | 3 {
	if (currency === null) return 2;
	if (withoutDecimals.has(currency)) return 0;
	return withThreeDecimals.has(currency) ? 3 : 2;
}

/** The ISO code in a machine-readable field: `eur`, ` EUR `, `€`, `US$`; null when it is none. */
export function currencyCode(text: string): string | null {
	const code = text.trim().toUpperCase();
	if (code === '') return null;
	if (known.has(code)) return code;
	const [first] = findCurrencies(text.trim());
	return first === undefined ? null : first.code;
}

/** Signs that several currencies share; the page's country decides, else the first. */
const shared: Record<string, string[]> = {
	$: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'TWD', 'MXN', 'CLP', 'COP', 'ARS', 'UYU'],
	'¥': ['JPY', 'CNY'],
	kr: ['SEK', 'NOK', 'DKK', 'ISK'],
	'£': ['GBP', 'EGP', 'GIP', 'SDG', 'SYP'],
	rs: ['INR', 'PKR', 'LKR', 'NPR', 'MUR'],
	lei: ['RON', 'MDL'],
	fr: ['CHF', 'XOF', 'XAF'],
	din: ['RSD', 'MKD', 'DZD'],
	ریال: ['IRR', 'SAR', 'QAR', 'YER', 'OMR'],
	ريال: ['SAR', 'QAR', 'YER', 'OMR'],
	درهم: ['AED', 'MAD'],
	دينار: ['KWD', 'BHD', 'JOD', 'IQD', 'TND', 'DZD', 'LYD'],
	جنيه: ['EGP', 'SDG'],
	r: ['ZAR'],
};

const signs: Record<string, string> = {
	'€': 'EUR',
	euro: 'EUR',
	euros: 'EUR',
	eur: 'EUR',
	ευρώ: 'EUR',
	евро: 'EUR',
	us$: 'USD',
	u$s: 'USD',
	usd$: 'USD',
	dollar: 'USD',
	dollars: 'USD',
	c$: 'CAD',
	ca$: 'CAD',
	cad$: 'CAD',
	cdn$: 'CAD',
	a$: 'AUD',
	au$: 'AUD',
	aud$: 'AUD',
	nz$: 'NZD',
	s$: 'SGD',
	sg$: 'SGD',
	hk$: 'HKD',
	nt$: 'TWD',
	mx$: 'MXN',
	mex$: 'MXN',
	r$: 'BRL',
	reais: 'BRL',
	clp$: 'CLP',
	col$: 'COP',
	ar$: 'ARS',
	$u: 'UYU',
	's/': 'PEN',
	's/.': 'PEN',
	'bs.': 'BOB',
	'₡': 'CRC',
	'₲': 'PYG',
	gbp: 'GBP',
	pounds: 'GBP',
	chf: 'CHF',
	'sfr.': 'CHF',
	sfr: 'CHF',
	'cn¥': 'CNY',
	rmb: 'CNY',
	元: 'CNY',
	人民币: 'CNY',
	'jp¥': 'JPY',
	円: 'JPY',
	yen: 'JPY',
	'₩': 'KRW',
	원: 'KRW',
	'₹': 'INR',
	rupees: 'INR',
	'₨': 'PKR',
	'৳': 'BDT',
	tk: 'BDT',
	'₽': 'RUB',
	руб: 'RUB',
	'руб.': 'RUB',
	рублей: 'RUB',
	'р.': 'RUB',
	'₴': 'UAH',
	грн: 'UAH',
	'грн.': 'UAH',
	'₸': 'KZT',
	тенге: 'KZT',
	тг: 'KZT',
	'₼': 'AZN',
	'₾': 'GEL',
	'֏': 'AMD',
	'br.': 'BYN',
	сум: 'UZS',
	"so'm": 'UZS',
	'₺': 'TRY',
	tl: 'TRY',
	'₪': 'ILS',
	'ש"ח': 'ILS',
	'₫': 'VND',
	đ: 'VND',
	vnđ: 'VND',
	'฿': 'THB',
	บาท: 'THB',
	baht: 'THB',
	rp: 'IDR',
	'rp.': 'IDR',
	rm: 'MYR',
	'₱': 'PHP',
	php: 'PHP',
	zł: 'PLN',
	zl: 'PLN',
	kč: 'CZK',
	'kč.': 'CZK',
	ft: 'HUF',
	'лв.': 'BGN',
	лв: 'BGN',
	ден: 'MKD',
	'дин.': 'RSD',
	kn: 'HRK',
	'skr.': 'SEK',
	'nkr.': 'NOK',
	'dkr.': 'DKK',
	'د.إ': 'AED',
	'ر.س': 'SAR',
	'ر.ق': 'QAR',
	'ر.ع': 'OMR',
	'د.ك': 'KWD',
	'د.ب': 'BHD',
	'د.أ': 'JOD',
	'د.ا': 'JOD',
	'د.م': 'MAD',
	'د.ت': 'TND',
	'د.ع': 'IQD',
	'ج.م': 'EGP',
	'ل.ل': 'LBP',
	dhs: 'AED',
	'₦': 'NGN',
	'gh₵': 'GHS',
	'₵': 'GHS',
	ksh: 'KES',
	'ksh.': 'KES',
	tsh: 'TZS',
	ush: 'UGX',
	fcfa: 'XOF',
	'f cfa': 'XOF',
};

/** Codes that are also words or brands ("TOP 10", "AMD 5600"): they need more than to stand there. */
const wordLike = new Set('ALL AMD BOB COP CUP GEL MAD MOP PEN SOS TOP TRY'.split(' '));

export interface CurrencyMatch {
	code: string;
	/** Further currencies that use the same sign. */
	others: string[];
	start: number;
	end: number;
	/** An upper-case ISO code; it wins over a shared sign ("$12 CAD"). */
	isCode: boolean;
	isWordLike: boolean;
}

function escape(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const bySign = new Map<string, [string, ...string[]]>();
for (const [sign, code] of Object.entries(signs)) bySign.set(sign, [code]);
for (const [sign, [code, ...others]] of Object.entries(shared)) {
	if (code !== undefined) bySign.set(sign, [code, ...others]);
}
bySign.set('kr.', ['DKK', 'NOK', 'SEK', 'ISK']);
bySign.set('rs.', ['INR', 'PKR', 'LKR', 'NPR', 'MUR']);
bySign.set('fr.', ['CHF', 'XOF', 'XAF']);

const startsWithLetter = /^\p{L}/u;
const endsWithLetter = /\p{L}$/u;
const pattern = new RegExp(
	[...bySign.keys()]
		.sort((a, b) => b.length - a.length)
		.map((sign) => {
			const before = startsWithLetter.test(sign) ? '(?<!\\p{L})' : '';
			const after = endsWithLetter.test(sign) ? '(?!\\p{L})' : '';
			return before + escape(sign) + after;
		})
		.join('|'),
	'giu',
);
const codes = new RegExp(`(?<!\\p{L})(?:${[...known].join('|')})(?!\\p{L})`, 'gu');

/** Every currency sign, name or upper-case code of a (normalised) text, in order. */
export function findCurrencies(text: string): CurrencyMatch[] {
	const found: CurrencyMatch[] = [];
	for (const match of text.matchAll(codes)) {
		const code = match[0];
		const end = match.index + code.length;
		const isWordLike = wordLike.has(code);
		found.push({ code, others: [], start: match.index, end, isCode: true, isWordLike });
	}
	for (const match of text.matchAll(pattern)) {
		const sign = match[0];
		const codesOfSign = bySign.get(sign.toLowerCase());
		const start = match.index;
		const end = start + sign.length;
		if (codesOfSign === undefined) continue;
		if (found.some((other) => other.isCode && start < other.end && end > other.start)) continue;
		// A lone "r" is the rand only as the capital that South African shops write.
		if (sign === 'r') continue;
		const [code, ...others] = codesOfSign;
		found.push({ code, others, start, end, isCode: false, isWordLike: false });
	}
	return found.sort((a, b) => a.start - b.start);
}

const byCountry: Record<string, string> = {
	...Object.fromEntries(
		'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK BG'
			.split(' ')
			.map((country) => [country, 'EUR']),
	),
	...Object.fromEntries(
		(
			'US:USD GB:GBP UK:GBP CH:CHF LI:CHF SE:SEK NO:NOK DK:DKK IS:ISK PL:PLN CZ:CZK HU:HUF RO:RON ' +
			'RS:RSD UA:UAH RU:RUB BY:BYN KZ:KZT TR:TRY IL:ILS AE:AED SA:SAR QA:QAR KW:KWD BH:BHD OM:OMR ' +
			'JO:JOD EG:EGP MA:MAD TN:TND DZ:DZD IQ:IQD IR:IRR IN:INR PK:PKR BD:BDT LK:LKR NP:NPR CN:CNY ' +
			'JP:JPY KR:KRW TW:TWD HK:HKD SG:SGD MY:MYR ID:IDR PH:PHP TH:THB VN:VND AU:AUD NZ:NZD CA:CAD ' +
			'MX:MXN BR:BRL AR:ARS CL:CLP CO:COP PE:PEN UY:UYU ZA:ZAR NG:NGN KE:KES GH:GHS MD:MDL MK:MKD'
		)
			.split(' ')
			.map((pair) => pair.split(':')),
	),
};

/** The currency people of a country (ISO 3166-1 alpha-2) pay with. */
export function currencyOfCountry(country: string): string | null {
	return byCountry[country.toUpperCase()] ?? null;
}
