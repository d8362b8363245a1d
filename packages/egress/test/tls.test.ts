import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createEgress } from '../src/index.ts';

const limits = { timeoutMs: 60_000, maxBytes: 1_000 };
const directory = mkdtempSync(path.join(tmpdir(), 'egress-tls-'));
const file = (name: string) => path.join(directory, name);
let server: Server;
let port: number;

beforeAll(async () => {
	const subject = ['-subj', '/CN=shop.example', '-addext', 'subjectAltName=DNS:shop.example'];
	const output = ['-keyout', file('key.pem'), '-out', file('cert.pem')];
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	execFileSync('openssl', ['req', '-x509', ...key, ...output, '-days', '2', ...subject], {
		stdio: 'ignore',
	});
	const pem = { key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) };
	server = createServer(pem, (request, response) => {
		const { servername } = request.socket as TLSSocket & { servername: string };
		response.end(`${servername} ${request.headers.host}`);
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	port = address.port;
});

afterAll(() => {
	server.closeAllConnections();
	server.close();
	rmSync(directory, { recursive: true });
});

function egress(ca?: string) {
	return createEgress({
		allow: ['127.0.0.1'],
		lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
		...(ca === undefined ? {} : { ca }),
	});
}

describe('https', () => {
	it('dials the pinned address, and keeps the name for SNI, certificate and Host', async () => {
		const out = egress(readFileSync(file('cert.pem'), 'utf8'));
		const { status, body } = await out.fetch(`https://shop.example:${port}/`, limits);
		expect([status, body.toString()]).toEqual([200, `shop.example shop.example:${port}`]);
		await out.close();
	});

	it('does not accept the certificate of another name, or of nobody', async () => {
		const trusting = egress(readFileSync(file('cert.pem'), 'utf8'));
		const other = trusting.fetch(`https://other.example:${port}/`, limits);
		await expect(other).rejects.toHaveProperty('cause.code', 'ERR_TLS_CERT_ALTNAME_INVALID');
		const strict = egress();
		const unknown = strict.fetch(`https://shop.example:${port}/`, limits);
		await expect(unknown).rejects.toHaveProperty('code', 'network');
		await trusting.close();
		await strict.close();
	});
});
