import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { pinnedConnector } from './connect.ts';
import { fetchPinned } from './fetch.ts';
import type { EgressRequest, EgressResponse } from './fetch.ts';
import { createGuard, targetOf } from './guard.ts';
import type { Lookup, ResolvedAddress } from './guard.ts';

export { isGloballyRoutable } from './addresses.ts';
export { parseAllowList } from './allow-list.ts';
export { EgressDenied, EgressFailed } from './errors.ts';
export type { DenialCode, FailureCode } from './errors.ts';
export type { EgressRequest, EgressResponse } from './fetch.ts';
export type { Lookup, ResolvedAddress } from './guard.ts';

export interface EgressOptions {
	/** Entries as `parseAllowList` gives them: host, host:port, CIDR, ip, ip:port, [v6]:port. */
	allow: readonly string[];
	userAgent?: string;
	/** PEM of further certificate authorities, for internal shops. */
	ca?: string;
	/** Default: the system's resolver. */
	lookup?: Lookup;
	connectTimeoutMs?: number;
}

export interface Egress {
	/** For undici's own functions. Checks port and addresses of every connection it opens. */
	readonly dispatcher: Dispatcher;
	/** Checks the URL and answers with the address to dial. Throws EgressDenied or EgressFailed. */
	resolve(url: string | URL): Promise<ResolvedAddress>;
	/** Throws EgressDenied, EgressFailed, or the reason of the caller's signal. */
	fetch(url: string | URL, options: EgressRequest): Promise<EgressResponse>;
	/** Closes every connection; what is still under way fails. */
	close(): Promise<void>;
}

/** The one way out: HTTP(S) to the public Internet and to what the operator allows, nothing else. */
export function createEgress(options: EgressOptions): Egress {
	const guard = createGuard(options.allow, options.lookup);
	const dispatcher = new Agent({
		allowH2: false,
		connect: pinnedConnector(guard, {
			timeoutMs: options.connectTimeoutMs ?? 10_000,
			...(options.ca === undefined ? {} : { ca: options.ca }),
		}),
	});
	const wire = { guard, dispatcher, userAgent: options.userAgent };
	return {
		dispatcher,
		async resolve(url) {
			const [first] = await guard.checkTarget(targetOf(guard.checkUrl(url)));
			return first;
		},
		fetch: (url, request) => fetchPinned(wire, url, request),
		close: () => dispatcher.destroy(),
	};
}
