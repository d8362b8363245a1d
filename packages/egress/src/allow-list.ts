import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What a connection is about to dial. `host` is lower case, without brackets or a trailing dot. */
export interface Target {
	host: string;
	port: number;
}

interface Rule {
	matches(target: Target, address: string): boolean;
}

export interface AllowList {
	/** Whether an entry opens this port of the host, or of the address it resolved to. */
	opens(target: Target, address: string): boolean;
}

/**
 * Reads the EGRESS_ALLOW variable: entries divided by commas or white space, each `host`,
 * `host:port`, an IP address, `ip:port`, `[v6]:port` or a CIDR. Throws on an entry it cannot read.
 */
export function parseAllowList(text: string): string[] {
	const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
	for (const entry of entries) parseEntry(entry);
	return entries;
}

export function createAllowList(entries: readonly string[]): AllowList {
	const rules = entries.map(parseEntry);
	return { opens: (target, address) => rules.some((rule) => rule.matches(target, address)) };
}

function parseEntry(entry: string): Rule {
	if (entry.includes('/')) return cidrRule(entry);
	const { host, port } = splitPort(entry);
	const opensPort = (target: Target) => port === undefined || port === target.port;
	if (isIP(host) !== 0) {
		const wanted = ipaddr.parse(host).toNormalizedString();
		return {
			matches: (target, address) => opensPort(target) && normalized(address) === wanted,
		};
	}
	if (!/^[\p{L}\p{N}]([\p{L}\p{N}._-]*[\p{L}\p{N}])?$/u.test(host)) throw unreadable(entry);
	const wanted = canonicalHost(new URL(`http://${host}/`).hostname);
	return { matches: (target) => opensPort(target) && target.host === wanted };
}

function cidrRule(entry: string): Rule {
	if (!ipaddr.isValidCIDR(entry)) throw unreadable(entry);
	const [network, bits] = ipaddr.parseCIDR(entry);
	return {
		matches: (_target, address) => {
			if (isIP(address) === 0) return false;
			const parsed = ipaddr.parse(address);
			return parsed.kind() === network.kind() && parsed.match(network, bits);
		},
	};
}

function splitPort(entry: string): { host: string; port: number | undefined } {
	if (isIP(entry) !== 0) return { host: entry, port: undefined };
	const parts = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(entry);
	const host = parts?.[1] ?? parts?.[2];
	const port = parts?.[3] === undefined ? undefined : Number(parts[3]);
	if (host === undefined || (port !== undefined && (port < 1 || port > 65535))) {
		throw unreadable(entry);
	}
	return { host, port };
}

/** `[::1]` -> `::1`, `Shop.Example.` -> `shop.example`. */
export function canonicalHost(hostname: string): string {
	return hostname
		.toLowerCase()
		.replace(/^\[|\]$/g, '')
		.replace(/\.$/, '');
}

function normalized(address: string): string | undefined {
	return isIP(address) === 0 ? undefined : ipaddr.parse(address).toNormalizedString();
}

function unreadable(entry: string): Error {
	return new Error(
		`"${entry}" is no allow-list entry: write a host, host:port, an IP address, ip:port, [v6]:port or a CIDR.`,
	);
}
