import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isGloballyRoutable } from './addresses.ts';
import { canonicalHost, createAllowList } from './allow-list.ts';
import type { Target } from './allow-list.ts';
import { EgressDenied, EgressFailed } from './errors.ts';

export interface ResolvedAddress {
	address: string;
	family: 4 | 6;
}

/** Name resolution, every answer. Injectable, so that tests can play a rebinding DNS server. */
export type Lookup = (host: string) => Promise<{ address: string; family: number }[]>;

export interface Guard {
	/** The parsed URL, or EgressDenied. Checks all that can be known without asking DNS. */
	checkUrl(url: string | URL): URL;
	/** Resolves once and tests every answer; the addresses that may be dialled, IPv4 first. */
	checkTarget(target: Target): Promise<[ResolvedAddress, ...ResolvedAddress[]]>;
}

const defaultPorts: Record<string, number> = { 'http:': 80, 'https:': 443 };
const openPorts = new Set(Object.values(defaultPorts));
const lookupTimeoutMs = 10_000;

export function targetOf(url: URL): Target {
	const port = url.port === '' ? (defaultPorts[url.protocol] ?? 0) : Number(url.port);
	return { host: canonicalHost(url.hostname), port };
}

export function createGuard(allow: readonly string[], lookup: Lookup = lookupAll): Guard {
	const allowList = createAllowList(allow);

	function checkAddress(target: Target, address: string): void {
		if (allowList.opens(target, address)) return;
		if (!openPorts.has(target.port)) {
			throw new EgressDenied(
				'port',
				`Port ${target.port} is closed for outgoing requests; use 80 or 443, or let the operator add ${target.host}:${target.port} to EGRESS_ALLOW.`,
			);
		}
		if (!isGloballyRoutable(address)) {
			throw new EgressDenied(
				'address',
				`${target.host} is not on the public Internet; the operator can open it with EGRESS_ALLOW.`,
			);
		}
	}

	return {
		checkUrl(input) {
			const url = parse(input);
			const target = targetOf(url);
			if (isIP(target.host) !== 0) checkAddress(target, target.host);
			return url;
		},

		async checkTarget(target) {
			const family = isIP(target.host);
			if (family !== 0) {
				checkAddress(target, target.host);
				return [{ address: target.host, family: family === 4 ? 4 : 6 }];
			}
			const answers = await resolveName(lookup, target.host);
			// One refused answer refuses all: an attacker's name may mix a public and a private one.
			for (const { address } of answers) checkAddress(target, address);
			const [first, ...rest] = answers
				.map(({ address }): ResolvedAddress => ({ address, family: isIP(address) === 4 ? 4 : 6 }))
				.sort((a, b) => a.family - b.family);
			if (first === undefined) throw unresolved(target.host);
			return [first, ...rest];
		},
	};
}

function parse(input: string | URL): URL {
	const text = typeof input === 'string' ? input : input.href;
	// WHATWG parsers drop tabs and newlines and read "\" as "/"; other parsers do not. A URL on
	// which two parsers disagree is an attack (GHSA-rph4-96w6-q594).
	// eslint-disable-next-line no-control-regex -- control characters are what is looked for
	if (/[\u0000-\u0020\u007f-\u009f\\]/.test(text)) {
		throw new EgressDenied(
			'characters',
			'The URL holds a space, a control character or a backslash; encode it.',
		);
	}
	if (!URL.canParse(text)) throw new EgressDenied('invalid_url', 'The URL cannot be read.');
	const url = new URL(text);
	if (defaultPorts[url.protocol] === undefined) {
		throw new EgressDenied('scheme', 'Only http: and https: URLs are fetched.');
	}
	if (url.username !== '' || url.password !== '') {
		throw new EgressDenied('credentials', 'The URL must not carry a user name or password.');
	}
	return url;
}

async function resolveName(lookup: Lookup, host: string) {
	let timer: NodeJS.Timeout | undefined;
	try {
		const late = new Promise<never>((_resolve, reject) => {
			timer = setTimeout(
				() => reject(new EgressFailed('timeout', `The name ${host} did not resolve in time.`)),
				lookupTimeoutMs,
			);
		});
		return await Promise.race([lookup(host), late]);
	} catch (error) {
		throw error instanceof EgressFailed ? error : unresolved(host, error);
	} finally {
		clearTimeout(timer);
	}
}

function unresolved(host: string, cause?: unknown): EgressFailed {
	return new EgressFailed('network', `The name ${host} does not resolve.`, cause);
}

async function lookupAll(host: string) {
	return await systemLookup(host, { all: true, verbatim: true });
}
