import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const globalUnicast6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for addresses of the public Internet only. Everything special is refused (loopback, private,
 * link-local, CGNAT, benchmarking, documentation, multicast ...) and so is every IPv6 form that
 * carries an IPv4 address (v4-mapped, NAT64, 6to4, Teredo): a translator would reach the inner one.
 */
export function isGloballyRoutable(address: string): boolean {
	if (isIP(address) === 0) return false;
	const parsed = ipaddr.parse(address);
	if (parsed.range() !== 'unicast') return false;
	// IPv6 outside 2000::/3 is unassigned, among it the deprecated v4-compatible ::a.b.c.d.
	return parsed.kind() === 'ipv4' || parsed.match(globalUnicast6);
}
