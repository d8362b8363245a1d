import { describe, expect, it } from '@jest/globals';
import {
	createEgress,
	EgressDenied,
	EgressFailed,
	isGloballyRoutable,
	parseAllowList,
} from '../src/index.ts';
import type { Lookup } from '../src/index.ts';

/** A DNS of the tests: never asks the network. */
function names(table: Record<string, string[]>): Lookup {
	return (host) => {
		const answers = table[host];
		if (answers === undefined) return Promise.reject(new Error('ENOTFOUND'));
		return Promise.resolve(
			answers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
		);
	};
}

const dns = names({
	'shop.example': ['93.184.216.34'],
	'six.example': ['2606:2800:220:1:248:1893:25c8:1946', '93.184.216.34'],
	'private.example': ['10.1.2.3'],
	'docker.example': ['172.17.0.1'],
	'mixed.example': ['93.184.216.34', '192.168.0.1'],
	'mixed6.example': ['2606:2800:220:1::1', '::1'],
	'mapped.example': ['::ffff:10.0.0.1'],
	'empty.example': [],
	localhost: ['127.0.0.1', '::1'],
	'localhost.': ['127.0.0.1'],
	'metadata.google.internal': ['169.254.169.254'],
});

async function denial(url: string, allow: string[] = []): Promise<string> {
	const egress = createEgress({ allow, lookup: dns });
	try {
		const { address } = await egress.resolve(url);
		return `allowed ${address}`;
	} catch (error) {
		if (error instanceof EgressDenied) return error.code;
		if (error instanceof EgressFailed) return `failed ${error.code}`;
		throw error;
	} finally {
		await egress.close();
	}
}

describe('targets that are refused', () => {
	it.each([
		// loopback and "this host", in every spelling a URL parser accepts
		['http://127.0.0.1/', 'address'],
		['http://127.0.0.2/', 'address'],
		['http://127.255.255.254/', 'address'],
		['http://127.1/', 'address'],
		['http://2130706433/', 'address'],
		['http://0x7f000001/', 'address'],
		['http://0x7f.1/', 'address'],
		['http://0177.0.0.1/', 'address'],
		['http://017700000001/', 'address'],
		['http://127.0.0.1./', 'address'],
		['http://%31%32%37.0.0.1/', 'address'],
		['http://１２７.0.0.1/', 'address'],
		['http://127。0。0。1/', 'address'],
		['http://0.0.0.0/', 'address'],
		['http://0/', 'address'],
		['http://0.1.2.3/', 'address'],
		['http://localhost/', 'address'],
		['http://LOCALHOST/', 'address'],
		['http://localhost./', 'address'],
		['http://[::]/', 'address'],
		['http://[::1]/', 'address'],
		['http://[0:0:0:0:0:0:0:1]/', 'address'],
		// private and shared networks
		['http://10.0.0.1/', 'address'],
		['http://10.255.255.255/', 'address'],
		['http://172.16.0.1/', 'address'],
		['http://172.17.0.1/', 'address'],
		['http://172.31.255.255/', 'address'],
		['http://192.168.1.1/', 'address'],
		['http://100.64.0.1/', 'address'],
		['http://100.127.255.254/', 'address'],
		['http://169.254.169.254/latest/meta-data/', 'address'],
		['http://[fe80::1]/', 'address'],
		['http://[fec0::1]/', 'address'],
		['http://[fc00::1]/', 'address'],
		['http://[fd12:3456:789a::1]/', 'address'],
		// special purposes
		['http://192.0.0.1/', 'address'],
		['http://192.0.2.1/', 'address'],
		['http://192.88.99.1/', 'address'],
		['http://198.18.0.1/', 'address'],
		['http://198.19.255.255/', 'address'],
		['http://198.51.100.1/', 'address'],
		['http://203.0.113.1/', 'address'],
		['http://224.0.0.1/', 'address'],
		['http://239.255.255.255/', 'address'],
		['http://240.0.0.1/', 'address'],
		['http://255.255.255.255/', 'address'],
		['http://[ff02::1]/', 'address'],
		['http://[100::1]/', 'address'],
		['http://[2001:db8::1]/', 'address'],
		['http://[3fff::1]/', 'address'],
		['http://[4000::1]/', 'address'],
		// IPv4 inside IPv6
		['http://[::ffff:127.0.0.1]/', 'address'],
		['http://[::ffff:7f00:1]/', 'address'],
		['http://[::ffff:8.8.8.8]/', 'address'],
		['http://[::127.0.0.1]/', 'address'],
		['http://[::ffff:0:127.0.0.1]/', 'address'],
		['http://[64:ff9b::127.0.0.1]/', 'address'],
		['http://[64:ff9b::8.8.8.8]/', 'address'],
		['http://[64:ff9b:1::a00:1]/', 'address'],
		['http://[2002:7f00:1::]/', 'address'],
		['http://[2002:808:808::]/', 'address'],
		['http://[2001:0:4136:e378::1]/', 'address'],
		// names
		['http://private.example/', 'address'],
		['http://PRIVATE.example./', 'address'],
		['http://docker.example/', 'address'],
		['http://mixed.example/', 'address'],
		['http://mixed6.example/', 'address'],
		['http://mapped.example/', 'address'],
		['http://metadata.google.internal/computeMetadata/v1/', 'address'],
		// ports
		['http://shop.example:22/', 'port'],
		['http://shop.example:6379/', 'port'],
		['http://shop.example:8080/', 'port'],
		['https://shop.example:5432/', 'port'],
		['http://8.8.8.8:25/', 'port'],
		// schemes
		['ftp://shop.example/', 'scheme'],
		['file:///etc/passwd', 'scheme'],
		['gopher://127.0.0.1:6379/_FLUSHALL', 'scheme'],
		['data:text/html,hello', 'scheme'],
		['javascript:alert(1)', 'scheme'],
		['blob:http://shop.example/1', 'scheme'],
		['ws://shop.example/', 'scheme'],
		// parsers that disagree
		['http://user:pass@shop.example/', 'credentials'],
		['http://shop.example@10.0.0.1/', 'credentials'],
		['http://:secret@shop.example/', 'credentials'],
		['http://shop.example\\@10.0.0.1/', 'characters'],
		['http:\\\\10.0.0.1/', 'characters'],
		['http://shop.example/\\evil', 'characters'],
		['http://10.0.0.1\t/', 'characters'],
		['ht\ntp://10.0.0.1/', 'characters'],
		['http://shop.example/\r\nHost: other', 'characters'],
		[' http://10.0.0.1/', 'characters'],
		['http://shop.example/\u0000', 'characters'],
		['http://shop.example /', 'characters'],
		['//10.0.0.1/', 'invalid_url'],
		['http://', 'invalid_url'],
		['http://256.256.256.256/', 'invalid_url'],
		['http://shop.example:99999/', 'invalid_url'],
		['http://[fe80::1%25eth0]/', 'invalid_url'],
		['', 'invalid_url'],
		// names without an answer
		['http://nowhere.example/', 'failed network'],
		['http://empty.example/', 'failed network'],
	])('%j: %s', async (url, expected) => {
		expect(await denial(url)).toBe(expected);
	});
});

describe('targets that are let through', () => {
	it.each([
		['http://shop.example/', '93.184.216.34'],
		['https://shop.example/p?q=1', '93.184.216.34'],
		['https://shop.example:443/', '93.184.216.34'],
		['http://8.8.8.8/', '8.8.8.8'],
		['http://172.15.255.255/', '172.15.255.255'],
		['http://172.32.0.1/', '172.32.0.1'],
		['http://100.63.255.255/', '100.63.255.255'],
		['http://198.17.255.255/', '198.17.255.255'],
		['http://[2606:4700::1111]/', '2606:4700::1111'],
		['http://six.example/', '93.184.216.34'],
	])('%s dials %s', async (url, address) => {
		expect(await denial(url)).toBe(`allowed ${address}`);
	});
});

describe('allow-list', () => {
	it.each([
		['127.0.0.1', 'http://127.0.0.1:4001/', 'allowed 127.0.0.1'],
		['127.0.0.1:4001', 'http://127.0.0.1:4001/', 'allowed 127.0.0.1'],
		['127.0.0.1:4001', 'http://127.0.0.1:4002/', 'port'],
		['127.0.0.1:4001', 'http://127.0.0.2:4001/', 'port'],
		['127.0.0.0/8', 'http://127.9.9.9:81/', 'allowed 127.9.9.9'],
		['10.0.0.0/8', 'http://private.example/', 'allowed 10.1.2.3'],
		['10.0.0.0/8', 'http://172.17.0.1/', 'address'],
		['10.0.0.0/8', 'http://[::ffff:10.0.0.1]/', 'address'],
		['private.example', 'http://private.example:8080/', 'allowed 10.1.2.3'],
		['private.example', 'http://PRIVATE.Example./', 'allowed 10.1.2.3'],
		['private.example:80', 'http://private.example/', 'allowed 10.1.2.3'],
		['private.example:80', 'http://private.example:81/', 'port'],
		['private.example', 'http://10.1.2.3/', 'address'],
		['private.example', 'http://sub.private.example/', 'failed network'],
		['192.168.0.0/16', 'http://mixed.example/', 'allowed 93.184.216.34'],
		['localhost:4001', 'http://localhost:4001/', 'allowed 127.0.0.1'],
		['[::1]:4001', 'http://[::1]:4001/', 'allowed ::1'],
		['::1', 'http://[0:0:0:0:0:0:0:1]/', 'allowed ::1'],
		['fd00::/8', 'http://[fd12::1]/', 'allowed fd12::1'],
		['shop.example:8080', 'http://shop.example:8080/', 'allowed 93.184.216.34'],
	])('%s: %s -> %s', async (entry, url, expected) => {
		expect(await denial(url, [entry])).toBe(expected);
	});

	it('is read from a text with commas, spaces and lines', () => {
		expect(parseAllowList(' a.example, 10.0.0.0/8\n[::1]:80 ,,localhost:1 ')).toEqual([
			'a.example',
			'10.0.0.0/8',
			'[::1]:80',
			'localhost:1',
		]);
		expect(parseAllowList('')).toEqual([]);
	});

	it.each([
		'http://a.example',
		'10.0.0.0/99',
		'a.example:0',
		'a.example:99999',
		'*',
		'a@b',
		'[::1',
	])('names the entry %s it cannot read', (entry) => {
		expect(() => parseAllowList(entry)).toThrow(`"${entry}"`);
	});
});

it('does not tell what a refused name resolved to', async () => {
	const egress = createEgress({ allow: [], lookup: dns });
	const refused = egress.resolve('http://private.example/');
	await expect(refused).rejects.toThrow('private.example');
	await expect(refused).rejects.not.toThrow('10.1.2.3');
	await egress.close();
});

it('takes what is no address for not routable', () => {
	expect(isGloballyRoutable('shop.example')).toBe(false);
	expect(isGloballyRoutable('1.1.1.1')).toBe(true);
});
