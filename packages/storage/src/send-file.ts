import { notFound, Problem } from '@autopilot/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Storage } from './storage.ts';

interface SentFile {
	storage: Storage;
	key: string;
	fileName: string;
	disposition?: 'inline' | 'attachment';
	contentType?: string;
}

/**
 * Answers with a stored file: whole, or the one range that is asked for (RFC 9110, 14), so that players can seek and
 * downloads go on where they broke off.
 * @param file.disposition  `inline` shows it where a browser can, `attachment` saves it; `inline` when not given
 * @param file.contentType  by the key's extension when not given
 * @throws {Problem} 404 when there is no such file, 416 for a range outside of it
 */
export async function sendFile(
	request: FastifyRequest,
	reply: FastifyReply,
	{ storage, key, fileName, disposition = 'inline', contentType }: SentFile,
): Promise<FastifyReply> {
	const file = await storage.stat(key);
	if (file === undefined) throw notFound('file', fileName);
	const etag = `"${file.size.toString(16)}-${file.modifiedAt.getTime().toString(16)}"`;
	reply
		.type(contentType ?? file.contentType)
		.header('accept-ranges', 'bytes')
		.header('etag', etag)
		.header('x-content-type-options', 'nosniff')
		.header('content-disposition', `${disposition}; ${fileNameParameter(fileName)}`);
	if (request.headers['if-none-match'] === etag) return reply.code(304).send();
	const ifRange = request.headers['if-range'];
	const header = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
	const range = parseRange(header, file.size);
	if (range === 'unsatisfiable') {
		throw new Problem({
			status: 416,
			code: 'range_not_satisfiable',
			detail: `The file has ${file.size} bytes; the range lies outside of it.`,
			headers: { 'content-range': `bytes */${file.size}` },
		});
	}
	if (range === undefined) {
		reply.header('content-length', file.size);
		return reply.send(request.method === 'HEAD' ? undefined : await storage.read(key));
	}
	return reply
		.code(206)
		.header('content-range', `bytes ${range.start}-${range.end}/${file.size}`)
		.header('content-length', range.end - range.start + 1)
		.send(await storage.read(key, range));
}

// Plain ASCII for old readers; RFC 6266 gives the others the name as it is.
function fileNameParameter(fileName: string): string {
	const plain = fileName.replaceAll(/[^\w.-]/g, '_');
	if (plain === fileName) return `filename="${plain}"`;
	const encoded = encodeURIComponent(fileName).replaceAll(/['()*]/g, percentEncoded);
	return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function percentEncoded(character: string): string {
	return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** One range of bytes. A header that is malformed or asks for several is ignored, as the RFC allows. */
export function parseRange(
	header: string | undefined,
	size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	if (match === null) return undefined;
	const [, first = '', last = ''] = match;
	if (first === '' && last === '') return undefined;
	const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
	const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
	if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
	if (start > end) return 'unsatisfiable';
	return { start, end };
}
