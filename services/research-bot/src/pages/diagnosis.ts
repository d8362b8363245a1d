/** Why a page gave nothing, or less than was asked for. */
export type DiagnosisCode = keyof typeof advice;

export interface Diagnosis {
	code: DiagnosisCode;
	/** What was seen. */
	detail: string;
	/** What to do next. */
	advice: string;
}

const advice = {
	egress_denied:
		'Only public web addresses are fetched. For a shop in your own network, let the operator add it to EGRESS_ALLOW.',
	robots_disallowed:
		'The site asks robots not to read this page. With the permission of its owner, repeat with respectRobots: false.',
	timeout: 'The site was too slow. Try again later, or with fewer URLs of this host at once.',
	network_error: 'Check the address and whether the site is up, then try again.',
	too_large:
		'The page exceeds the size limit. Look for a lighter product page or an API of the shop.',
	too_many_redirects:
		'The site redirects in a circle, often to set a cookie. Try render: "browser".',
	not_html: 'The address leads to a file, not to a page. Use the address of the product page.',
	http_error: 'Open the address in a browser: the product may have moved or been removed.',
	rate_limited:
		'The site asks for fewer requests. Wait as long as it says, or raise PER_HOST_DELAY_MS.',
	blocked:
		'The site turns robots away. Ask its owner for access or a product feed; the page is not forced open.',
	login_required: 'The page is for signed-in customers. Use an address that is open to all.',
	consent_wall: 'The site shows a consent dialogue instead of the page. Try render: "browser".',
	empty_shell: 'The page is built by scripts. Use render: "browser" or "auto".',
	wrong_locale:
		'The site answered in another language. Use the address of the market you want, or another locale.',
	selector_drift:
		'The page has changed, or was never marked up. Check the selectors, or give one with fields.',
	no_price: 'The product is shown without a price, as many shops do when it is sold out.',
	no_reviews: 'The page shows no reviews, or loads them on demand. Try render: "browser".',
	listing_page: 'The address leads to a list of products. Give the address of one product.',
	not_a_product: 'Nothing marks this page as a product page. Check the address.',
	browser_failed: 'The browser could not show the page. Try render: "http", or try again later.',
} as const;

/** All codes, for the API's contract. */
export const diagnosisCodes = Object.keys(advice) as [DiagnosisCode, ...DiagnosisCode[]];

export function diagnosis(code: DiagnosisCode, detail: string): Diagnosis {
	return { code, detail, advice: advice[code] };
}

/** A page that could not be had at all; carries its diagnosis. */
export class PageProblem extends Error {
	override readonly name = 'PageProblem';
	readonly diagnosis: Diagnosis;
	readonly httpStatus: number | null;

	constructor(
		code: DiagnosisCode,
		detail: string,
		options: ErrorOptions & { httpStatus?: number } = {},
	) {
		super(detail, options);
		this.diagnosis = diagnosis(code, detail);
		this.httpStatus = options.httpStatus ?? null;
	}
}
