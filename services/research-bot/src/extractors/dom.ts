import { load } from 'cheerio/slim';
import type { CheerioAPI } from 'cheerio/slim';

/**
 * The page as a DOM. htmlparser2 instead of parse5 takes a third of the time; what it does not
 * repair the way browsers do (tables, nested forms) does not matter for reading values.
 */
export function parseDom(html: string): CheerioAPI {
	return load(html, { xml: false });
}
