import { notFound, Problem } from '@autopilot/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Storage } from './storage.ts';

/**
 * Answers with a stored file: whole, or the one range that is asked for (RFC 9110, 14), so that players can seek and
 * downloads go on where they broke off.
 * @throws {Problem} 404 when there is no such file, 416 for a range outside of it
 */
export async function sendFile(
	request: FastifyRequest,
	reply: FastifyReply,
	{ storage, key, fileName }: { storage: Storage; key: string; fileName: string },
): Promise<FastifyReply> {
	const file = await storage.stat(key);
	if (file === undefined) throw notFound('file', fileName);
	const etag = `"${file.size.toString(16)}-${file.modifiedAt.getTime().toString(16)}"`;
	reply
		.type(file.contentType)
		.header('accept-ranges', 'bytes')
		.header('etag', etag)
		.header('x-content-type-options', 'nosniff')
		.header('content-disposition', `inline; filename="${fileName.replaceAll(/[^\w.-]/g, '_')}"`);
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
