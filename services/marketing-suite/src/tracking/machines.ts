import type { IncomingHttpHeaders } from 'node:http';

// Scanners of security gateways, link checkers and scripts. Image proxies of mail programs (Gmail, Yahoo) are not
// among them: they fetch when a person looks.
const AGENTS =
	/bot\b|crawl|spider|scan|preview|prefetch|monitor|headless|phantom|barracuda|proofpoint|mimecast|safelinks|bitdefender|symantec|fireeye|forcepoint|ironport|python|curl|wget|java\/|go-http|okhttp|libwww|axios|node-fetch|undici|facebookexternalhit|slack|whatsapp|telegram|skype|discord/i;

/** True when no person is behind a request: a scanner, a prefetch, or a privacy proxy that fetches everything. */
export function isMachine(headers: IncomingHttpHeaders): boolean {
	const agent = headers['user-agent'] ?? '';
	const purpose = `${headers['sec-purpose'] ?? ''} ${headers['purpose'] ?? ''} ${headers['x-moz'] ?? ''} ${headers['x-purpose'] ?? ''}`;
	// Apple's Mail Privacy Protection fetches every image of every mail, and says no more than this.
	return (
		agent === '' ||
		agent === 'Mozilla/5.0' ||
		AGENTS.test(agent) ||
		/prefetch|preview/i.test(purpose)
	);
}
