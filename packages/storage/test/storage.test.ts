import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { linkSigner, openStorage, type Storage, StorageKeyError } from '../src/index.ts';
import { parseRange } from '../src/send-file.ts';

let directory: string;
let bucket: Server;
let stores: Record<'folder' | 'bucket', Storage>;

beforeAll(async () => {
	directory = await mkdtemp(path.join(tmpdir(), 'storage-'));
	bucket = startBucket();
	await new Promise<void>((resolve) => bucket.listen(0, '127.0.0.1', resolve));
	const { port } = bucket.address() as AddressInfo;
	const config = { STORAGE_DIR: directory, S3_REGION: 'us-east-1' };
	stores = {
		folder: await openStorage(config),
		bucket: await openStorage({
			...config,
			S3_BUCKET: 'files',
			S3_ENDPOINT: `http://127.0.0.1:${port}`,
			S3_ACCESS_KEY_ID: 'id',
			S3_SECRET_ACCESS_KEY: 'secret',
		}),
	};
});
afterAll(async () => {
	bucket.close();
	bucket.closeAllConnections();
	await rm(directory, { recursive: true });
});

/** Enough of S3's wire protocol for the real client: PUT, GET with Range, HEAD, DELETE. */
function startBucket(): Server {
	const objects = new Map<string, { body: Buffer; type: string }>();
	return createServer((request, response) => {
		const key = (request.url ?? '').split('?', 1)[0] ?? '';
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256') !== true) {
				return response.writeHead(403).end();
			}
			if (request.method === 'PUT') {
				const body = Buffer.concat(chunks);
				objects.set(key, { body, type: request.headers['content-type'] ?? '' });
				return response.writeHead(200, { etag: '"1"' }).end();
			}
			if (request.method === 'DELETE') {
				objects.delete(key);
				return response.writeHead(204).end();
			}
			const object = objects.get(key);
			if (object === undefined) return response.writeHead(404).end();
			const [, start, end] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
			const body =
				start === undefined ? object.body : object.body.subarray(Number(start), Number(end) + 1);
			response.writeHead(start === undefined ? 200 : 206, {
				'content-length': body.length,
				'content-type': object.type,
				'last-modified': new Date(0).toUTCString(),
			});
			return response.end(request.method === 'HEAD' ? undefined : body);
		});
	});
}

describe.each(['folder', 'bucket'] as const)('storage in a %s', (kind) => {
	it('gives back what was put, whole and in part', async () => {
		const storage = stores[kind];
		const stored = await storage.put('videos/one.mp4', Readable.from(['0123', '456789']));
		expect(stored).toMatchObject({ size: 10, contentType: 'video/mp4' });
		expect(await text(await storage.read('videos/one.mp4'))).toBe('0123456789');
		expect(await text(await storage.read('videos/one.mp4', { start: 2, end: 4 }))).toBe('234');
	});

	it('replaces and deletes', async () => {
		const storage = stores[kind];
		await storage.put('a.txt', Buffer.from('old'));
		await storage.put('a.txt', Buffer.from('new'));
		expect(await text(await storage.read('a.txt'))).toBe('new');
		await storage.delete('a.txt');
		await storage.delete('a.txt');
		expect(await storage.stat('a.txt')).toBeUndefined();
	});

	it.each([
		'../secret',
		'/etc/passwd',
		'a/../../b',
		'a//b',
		'.hidden',
		'a\0b',
		'a\\b',
		'',
		'a/%2e%2e/b',
	])('refuses the key %j', async (key) => {
		await expect(stores[kind].put(key, Buffer.from('x'))).rejects.toThrow(StorageKeyError);
		await expect(stores[kind].stat(key)).rejects.toThrow(StorageKeyError);
		await expect(stores[kind].read(key)).rejects.toThrow(StorageKeyError);
	});
});

describe('a stream that fails', () => {
	it('leaves the old file and no part of the new one', async () => {
		const storage = stores.folder;
		await storage.put('kept/a.bin', Buffer.from('whole'));
		const broken = Readable.from(
			(function* () {
				yield 'half';
				throw new Error('connection lost');
			})(),
		);
		await expect(storage.put('kept/a.bin', broken)).rejects.toThrow('connection lost');
		expect(await text(await storage.read('kept/a.bin'))).toBe('whole');
		expect(await readdir(path.join(directory, 'kept'))).toEqual(['a.bin']);
	});
});

describe('signed links', () => {
	const links = linkSigner('s'.repeat(32));
	const queryOf = (link: string) => Object.fromEntries(new URL(link, 'http://x').searchParams);

	it('open one path until they expire', () => {
		const query = queryOf(links.sign('/files/a', 60));
		expect(links.verify('/files/a', query)).toBe(true);
		expect(links.verify('/files/b', query)).toBe(false);
		expect(links.verify('/files/a', queryOf(links.sign('/files/a', -1)))).toBe(false);
	});

	it('are refused when they were changed, made with another secret, or left out', () => {
		const query = queryOf(links.sign('/files/a', 60));
		expect(links.verify('/files/a', { ...query, expires: '99999999999' })).toBe(false);
		expect(linkSigner('t'.repeat(32)).verify('/files/a', query)).toBe(false);
		expect(links.verify('/files/a', {})).toBe(false);
	});
});

describe('parseRange', () => {
	it.each([
		['bytes=0-3', { start: 0, end: 3 }],
		['bytes=5-', { start: 5, end: 9 }],
		['bytes=-3', { start: 7, end: 9 }],
		['bytes=-99', { start: 0, end: 9 }],
		['bytes=8-99', { start: 8, end: 9 }],
		['bytes=10-', 'unsatisfiable'],
		['bytes=-0', 'unsatisfiable'],
		['bytes=4-2', undefined],
		['bytes=0-1,3-4', undefined],
		['lines=1-2', undefined],
		[undefined, undefined],
	])('%s of ten bytes', (header, expected) => {
		expect(parseRange(header, 10)).toEqual(expected);
	});
});
