/** A page as it was had from the network, by plain HTTP or through the browser. */
export interface FetchedPage {
	/** After redirects. */
	url: string;
	status: number;
	/** Lower-case names. */
	headers: Record<string, string>;
	html: string;
	renderedBy: 'http' | 'browser';
	/** Of the body as it came over the wire and was unpacked, or of the rendered HTML. */
	bytes: number;
	attempts: number;
	/** JPEG, when one was asked for. */
	screenshot?: Buffer;
}

export interface PageRequest {
	/** BCP 47; sent as Accept-Language and, in the browser, as its language. */
	locale?: string | undefined;
	respectRobots: boolean;
	signal: AbortSignal;
}

export function acceptLanguage(locale: string | undefined): string {
	if (locale === undefined) return 'en,*;q=0.5';
	const language = locale.split(/[-_]/)[0] ?? locale;
	return language === locale ? `${locale},*;q=0.5` : `${locale},${language};q=0.9,*;q=0.5`;
}
