/** As much MIME as the mails of this service need: headers, and the two parts of multipart/alternative. */
export function parseMail(raw: string): {
	headers: Map<string, string>;
	html: string;
	text: string;
} {
	const { headers, body } = split(raw);
	const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
	const parts = boundary === undefined ? [] : body.split(`--${boundary}`).slice(1, -1);
	const part = (type: string) => {
		const found = parts
			.map((text) => split(text.replace(/^\r\n/, '').replace(/\r\n$/, '')))
			.find((one) => one.headers.get('content-type')?.startsWith(type));
		return found === undefined ? '' : decode(found);
	};
	return { headers, html: part('text/html'), text: part('text/plain') };
}

function split(raw: string): { headers: Map<string, string>; body: string } {
	const end = raw.indexOf('\r\n\r\n');
	const lines = raw
		.slice(0, end)
		.replaceAll(/\r\n[ \t]+/g, ' ')
		.split('\r\n');
	const headers = new Map<string, string>();
	for (const line of lines) {
		const colon = line.indexOf(':');
		headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
	}
	return { headers, body: raw.slice(end + 4) };
}

function decode({ headers, body }: { headers: Map<string, string>; body: string }): string {
	const encoding = headers.get('content-transfer-encoding');
	if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
	if (encoding !== 'quoted-printable') return body;
	const bytes = body
		.replaceAll(/=\r\n/g, '')
		.replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) =>
			String.fromCharCode(Number.parseInt(hex, 16)),
		);
	return Buffer.from(bytes, 'latin1').toString('utf8');
}
