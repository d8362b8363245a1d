import MimeNode from 'nodemailer/lib/mime-node';
import type { Mailbox } from '../mailbox.ts';
import { quotedPrintable } from './quoted-printable.ts';

/** A mail as it goes out. Addresses are objects all the way: a text would be parsed as a list of addresses. */
export interface Mail {
	from: Mailbox;
	to: Mailbox;
	replyTo: string | null;
	subject: string;
	html: string;
	text: string;
	/** With angle brackets. */
	messageId: string;
	headers: Record<string, string>;
	/** Decided once for a campaign, by the letters it is written in. */
	textEncoding: 'quoted-printable' | 'base64';
}

/**
 * A mail as bytes (RFC 5322). The head is nodemailer's, which encodes and folds, and lets no value begin a new line; the
 * two parts are put below it here, for streamed they cost more than all the rest.
 */
export function writeMessage(mail: Mail): Buffer {
	const { from, to, replyTo, subject, messageId, headers, textEncoding } = mail;
	const root = new MimeNode('multipart/alternative', { textEncoding });
	root.setHeader('From', addressOf(from));
	root.setHeader('To', addressOf(to));
	if (replyTo !== null) root.setHeader('Reply-To', { name: '', address: replyTo });
	root.setHeader('Subject', subject);
	root.setHeader('Message-ID', messageId);
	for (const [name, value] of Object.entries(headers)) root.setHeader(name, value);
	const head = root.buildHeaders();
	// Set by buildHeaders; its random part keeps any text from ending a part early.
	const boundary = String(root.boundary);
	const part = (type: string) =>
		`--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${textEncoding}\r\n\r\n`;
	const encode = textEncoding === 'base64' ? base64 : quotedPrintable;
	return Buffer.concat([
		Buffer.from(`${head}\r\n\r\n${part('text/plain')}`),
		encode(mail.text),
		Buffer.from(`\r\n${part('text/html')}`),
		encode(mail.html),
		Buffer.from(`\r\n--${boundary}--\r\n`),
	]);
}

function addressOf({ name, email }: Mailbox) {
	return { name: name ?? '', address: email };
}

function base64(text: string): Buffer {
	return Buffer.from(Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\r\n'));
}
