import { textOfHtml } from '../extractors/html-text.ts';
import { diagnosis } from './diagnosis.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { FetchedPage } from './page.ts';

/** Marks of challenge pages; on ordinary pages some of them occur too, so size or status must agree. */
const challenges: [RegExp, string][] = [
	[
		/challenge-platform|cf-chl|<title>Just a moment|Attention Required! \| Cloudflare/i,
		'Cloudflare',
	],
	[/captcha-delivery\.com|datadome/i, 'DataDome'],
	[/px-captcha|Press &(?:amp;)? Hold|perimeterx/i, 'PerimeterX'],
	[/_Incapsula_Resource|Incapsula incident/i, 'Imperva'],
	[/Access Denied[\s\S]{0,400}Reference\s*(?:#|&#35;)/i, 'Akamai'],
	[/awsWafCookieDomainList|aws-waf-token|AwsWafIntegration/i, 'AWS WAF'],
	[/kpsdk|ips\.js\?[^"']*KP_/i, 'Kasada'],
	[/ddos-guard|sucuri_cloudproxy/i, 'a DDoS protection'],
	[/Robot Check|api-services-support@amazon/i, 'Amazon'],
	[
		/g-recaptcha|h-captcha|hcaptcha\.com|cf-turnstile|verify you are (?:a )?human|are you a robot|unusual traffic|bot detection/i,
		'a captcha',
	],
];
const consent =
	/before you continue|bevor sie fortfahren|avant de (?:continuer|poursuivre)|we (?:value|respect) your privacy|wir (?:schätzen|respektieren) ihre privatsphäre|accept all cookies|alle (?:cookies )?akzeptieren|tout accepter|accetta tutti|aceptar todo|consent[._-]?(?:wall|manager|form)|onetrust|usercentrics|didomi|sp_message_container/i;
const root =
	/<(?:div|app-root|main)\b[^>]*\bid\s*=\s*["']?(?:root|app|__next|__nuxt|___gatsby|svelte|main-app)["']?[^>]*>\s*(?:<!--[\s\S]{0,200}?-->\s*)*<\/|<app-root[^>]*>\s*<\/app-root>/i;
const password = /<input\b[^>]*type\s*=\s*["']?password/i;

/**
 * What keeps the page from being read, judged by the page alone. Null when it looks like a page.
 * Asked only after the extractors found nothing: any of the marks may stand on a good page.
 */
export function symptomOf(page: FetchedPage): Diagnosis | null {
	const text = textOfHtml(page.html);
	const isShort = text.length < 1500;
	const refused = page.status === 403 || page.status === 429 || page.status === 503;
	const [, vendor] =
		challenges.find(([pattern]) => pattern.test(page.html)) ??
		(page.headers['cf-mitigated'] === undefined ? [null, null] : [null, 'Cloudflare']);
	if (vendor !== null && (refused || isShort)) {
		return diagnosis('blocked', `The site shows a challenge of ${vendor} (HTTP ${page.status}).`);
	}
	if (page.status === 401) return diagnosis('login_required', 'The site answered 401.');
	if (page.status === 403) return diagnosis('blocked', 'The site answered 403 Forbidden.');
	if (page.status === 429) return diagnosis('rate_limited', 'The site answered 429 three times.');
	if (page.status >= 400) {
		return diagnosis('http_error', `The site answered ${page.status}.`);
	}
	if (isShort && consent.test(page.html) && text.length < 1200) {
		return diagnosis('consent_wall', 'The page holds hardly more than a consent dialogue.');
	}
	if (isShort && password.test(page.html)) {
		return diagnosis('login_required', 'The page holds hardly more than a sign-in form.');
	}
	const scripts =
		page.html.match(/<script\b(?![^>]*\btype\s*=\s*["']?application\/)/gi)?.length ?? 0;
	if ((root.test(page.html) && text.length < 600) || (text.length < 200 && scripts > 0)) {
		return diagnosis(
			'empty_shell',
			`The page has ${text.length} characters of text and ${scripts} scripts.`,
		);
	}
	return null;
}
