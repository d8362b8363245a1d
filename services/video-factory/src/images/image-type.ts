/** Largest picture that is taken, fetched or uploaded. */
export const MAX_IMAGE_BYTES = 20 * 1024 * 1024;

/** Type by the first bytes; names and headers may lie. */
export function imageType(
	bytes: Uint8Array,
): { name: string; mime: string; extension: string; demuxer: string } | undefined {
	const head = Buffer.from(bytes.subarray(0, 12));
	if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff)
		return { name: 'JPEG', mime: 'image/jpeg', extension: 'jpg', demuxer: 'jpeg_pipe' };
	if (head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n')
		return { name: 'PNG', mime: 'image/png', extension: 'png', demuxer: 'png_pipe' };
	if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP')
		return { name: 'WebP', mime: 'image/webp', extension: 'webp', demuxer: 'webp_pipe' };
	return undefined;
}
