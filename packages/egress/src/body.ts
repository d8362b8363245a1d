import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import {
	brotliDecompress,
	constants,
	gunzip,
	inflate,
	inflateRaw,
	zstdDecompress,
} from 'node:zlib';
import { EgressFailed } from './errors.ts';

type Decoder = (data: Buffer, maxBytes: number) => Promise<Buffer>;

const unzip = promisify(gunzip);
const unbrotli = promisify(brotliDecompress);
const unzstd = promisify(zstdDecompress);
const undeflate = promisify(inflate);
const undeflateRaw = promisify(inflateRaw);

// Servers cut gzip trailers off; browsers show such pages, so a sync flush takes what is there.
const lenient = { finishFlush: constants.Z_SYNC_FLUSH };
const decoders: Record<string, Decoder> = {
	gzip: (data, max) => unzip(data, { ...lenient, maxOutputLength: max }),
	'x-gzip': (data, max) => unzip(data, { ...lenient, maxOutputLength: max }),
	br: (data, max) => unbrotli(data, { maxOutputLength: max }),
	zstd: (data, max) => unzstd(data, { maxOutputLength: max }),
	// "deflate" is zlib by the RFC, raw by many servers; the low nibble of the first byte tells.
	deflate: (data, max) =>
		((data[0] ?? 0) & 0x0f) === 8
			? undeflate(data, { ...lenient, maxOutputLength: max })
			: undeflateRaw(data, { ...lenient, maxOutputLength: max }),
	identity: (data) => Promise.resolve(data),
};

export const acceptEncoding = 'gzip, deflate, br, zstd';

/** Reads a body of at most `maxBytes`, before as well as after decompression. */
export async function readBody(
	body: Readable,
	encoding: string | undefined,
	declaredLength: string | undefined,
	maxBytes: number,
): Promise<Buffer> {
	if (Number(declaredLength ?? 0) > maxBytes) {
		body.destroy();
		throw tooLarge(maxBytes);
	}
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		size += chunk.length;
		// Leaving the loop destroys the stream, and with it the connection.
		if (size > maxBytes) throw tooLarge(maxBytes);
		chunks.push(chunk);
	}
	const [only] = chunks;
	const raw = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size);
	return raw.length === 0 ? raw : await decode(raw, encoding, maxBytes);
}

async function decode(
	raw: Buffer,
	encoding: string | undefined,
	maxBytes: number,
): Promise<Buffer> {
	const names = (encoding ?? '')
		.toLowerCase()
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '')
		.reverse();
	// Each layer multiplies the work; nobody honest uses more than two.
	if (names.length > 2) throw new EgressFailed('network', 'The answer is encoded too many times.');
	let data = raw;
	for (const name of names) {
		const decoder = decoders[name];
		if (decoder === undefined) {
			throw new EgressFailed('network', 'The answer has an unknown content encoding.');
		}
		try {
			data = await decoder(data, maxBytes);
		} catch (error) {
			if (exceedsLimit(error)) throw tooLarge(maxBytes, error);
			throw new EgressFailed('network', 'The answer cannot be decompressed.', error);
		}
	}
	return data;
}

function exceedsLimit(error: unknown): boolean {
	return (
		typeof error === 'object' &&
		error !== null &&
		'code' in error &&
		error.code === 'ERR_BUFFER_TOO_LARGE'
	);
}

function tooLarge(maxBytes: number, cause?: unknown): EgressFailed {
	return new EgressFailed('too_large', `The answer is larger than ${maxBytes} bytes.`, cause);
}
