import type { Database } from '@autopilot/postgres';
import { findLinks, insertLink } from './store.ts';
import { MAX_LINKS, type Token, type Tokens } from './tokens.ts';

// Only `href` of `a`: style sheets and images keep their addresses.
const HREF = /(<a\b[^>]*?\shref\s*=\s*)("([^"]*)"|'([^']*)')/gi;
const MAX_URL = 2000;
/** A campaign whose links differ from person to person is not to fill the table; further ones stay direct. */
const MAX_DISTINCT = Math.min(1000, MAX_LINKS);

/** The links of one campaign, numbered in the order in which they first appear in a mail. */
export interface LinkBook {
	/** Numbers the links of a mail before it is sent, for a click may come a second later. */
	note(html: string): Promise<void>;
	/** Leads the links of a mail through us. What is no web address becomes harmless. */
	rewrite(html: string, mail: LinkedMail): string;
}

export interface LinkedMail {
	recipientId: string;
	unsubscribeUrl: string;
	tracked: boolean;
}

export async function openLinkBook(
	db: Database,
	campaignId: string,
	{ tokens, publicUrl }: { tokens: Tokens; publicUrl: string },
): Promise<LinkBook> {
	const numbers = new Map<string, number>();
	const learn = async () => {
		for (const { url, number } of await findLinks(db, campaignId)) numbers.set(url, number);
	};
	await learn();
	const isOurs = (url: string) => url.startsWith(`${publicUrl}/u/`);
	return {
		async note(html) {
			for (const [, , , double, single] of html.matchAll(HREF)) {
				const url = trackable(double ?? single ?? '');
				if (url === undefined || isOurs(url) || numbers.has(url)) continue;
				if (numbers.size >= MAX_DISTINCT) return;
				numbers.set(url, await insertLink(db, campaignId, url));
			}
		},
		rewrite(html, { recipientId, unsubscribeUrl, tracked }) {
			const clickUrl = (token: Token) => `${publicUrl}/t/c/${tokens.make('click', token)}`;
			return html.replace(
				HREF,
				(whole, head: string, _quoted, double?: string, single?: string) => {
					const given = double ?? single ?? '';
					if (given === unsubscribeUrl) return whole;
					if (!isHarmless(given)) return `${head}"#"`;
					const url = tracked ? trackable(given) : undefined;
					const number = url === undefined ? undefined : numbers.get(url);
					return number === undefined ? whole : `${head}"${clickUrl({ recipientId, number })}"`;
				},
			);
		},
	};
}

/** The address that a reader's click would go to, if it is one of the web and not too long. */
function trackable(href: string): string | undefined {
	const url = decode(href).trim();
	return /^https?:\/\//i.test(url) && url.length <= MAX_URL && URL.canParse(url) ? url : undefined;
}

// Data may say where a link leads. `javascript:` and the like have no place in a mail.
function isHarmless(href: string): boolean {
	const text = decode(href).replaceAll(/[\s\p{Cc}]/gu, '');
	const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
	return scheme === undefined || ['http', 'https', 'mailto', 'tel', 'sms'].includes(scheme);
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
	if (!text.includes('&')) return text;
	return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));?/gi, (whole, dec, hex, name) => {
		if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
		const code = dec === undefined ? Number.parseInt(String(hex), 16) : Number(dec);
		return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
	});
}
