/** Decodes a page by its Content-Type, its byte order mark or its meta element; UTF-8 otherwise. */
export function decodePage(body: Buffer, contentType: string): string {
	const label = byteOrderMark(body) ?? charsetOf(contentType) ?? metaCharset(body) ?? 'utf-8';
	if (/^utf-?8$/i.test(label)) return body.toString('utf8');
	return decoderOf(label).decode(body);
}

function decoderOf(label: string): TextDecoder {
	try {
		return new TextDecoder(label);
	} catch (error) {
		// An encoding nobody knows is a typing error in the page; what is ASCII in it stays readable.
		if (error instanceof RangeError) return new TextDecoder('windows-1252');
		throw error;
	}
}

function byteOrderMark(body: Buffer): string | undefined {
	if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
	if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
	return undefined;
}

function charsetOf(text: string): string | undefined {
	return /charset\s*=\s*["']?([\w.:-]+)/i.exec(text)?.[1];
}

function metaCharset(body: Buffer): string | undefined {
	const start = body.subarray(0, 2048).toString('latin1');
	for (const [tag] of start.matchAll(/<meta\b[^>]*>/gi)) {
		const label = charsetOf(tag);
		if (label !== undefined) return label;
	}
	return undefined;
}
