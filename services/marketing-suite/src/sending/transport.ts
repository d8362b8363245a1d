import { createTransport } from 'nodemailer';
import type { Readable } from 'node:stream';
import { type Mail, writeMessage } from './message.ts';

/** What became of a mail, by what it means for the next step. */
export type SmtpOutcome =
	| { kind: 'accepted'; response: string }
	/** The server said no to this mail: for good (5xx), or for now (4xx). */
	| { kind: 'refused'; permanent: boolean; response: string }
	/** The server said no to the sender: nobody would get this mail. */
	| { kind: 'sender_refused'; response: string }
	/** No mail can be sent at present, and this one certainly was not. */
	| { kind: 'unreachable'; reason: string }
	/** The connection broke after the mail was handed over, and before the answer. */
	| { kind: 'unknown'; reason: string };

export interface SmtpTransport {
	/** Never throws: what goes wrong is an outcome. */
	send(mail: Mail): Promise<SmtpOutcome>;
	close(): void;
}

/** One pool of SMTP connections, each used for mail after mail. */
export function createSmtpTransport(options: { url: string; connections: number }): SmtpTransport {
	const transport = createTransport({
		url: options.url,
		pool: true,
		maxConnections: options.connections,
		maxMessages: 1000,
		// A message whose connection closed must not be sent again by the pool: it may have been accepted.
		maxRequeues: 0,
		connectionTimeout: 10_000,
		greetingTimeout: 10_000,
		dnsTimeout: 10_000,
		socketTimeout: 60_000,
		disableFileAccess: true,
		disableUrlAccess: true,
	});
	const streams = new WeakMap<object, Readable>();
	// The stream of a message tells how far it got: before it was read to its end, the server cannot have accepted it.
	transport.use('stream', (mail, done) => {
		const create = mail.message.createReadStream.bind(mail.message);
		mail.message.createReadStream = (streamOptions) => {
			const stream = create(streamOptions);
			if (mail.data.raw instanceof Buffer) streams.set(mail.data.raw, stream);
			return stream;
		};
		done();
	});
	return {
		async send(mail) {
			const raw = writeMessage(mail);
			// Said apart from the headers, so that no header can add a recipient.
			const envelope = { from: mail.from.email, to: [mail.to.email] };
			try {
				const { response } = await transport.sendMail({ envelope, raw });
				return { kind: 'accepted', response: storable(response) };
			} catch (error) {
				return outcomeOf(error, streams.get(raw)?.readableEnded === true);
			}
		},
		close: () => transport.close(),
	};
}

// Commands of the SMTP session at whose refusal it is the mail's recipient or content that is not wanted.
const ABOUT_THE_MAIL = ['RCPT TO', 'DATA'];

function outcomeOf(error: unknown, handedOver: boolean): SmtpOutcome {
	const reason = storable(error instanceof Error ? error.message : String(error));
	const code = numberIn(error, 'responseCode');
	const command = textIn(error, 'command');
	// 421: the server closes down, whatever it was asked.
	if (code !== undefined && code !== 421) {
		const response = storable(textIn(error, 'response') ?? reason);
		if (ABOUT_THE_MAIL.includes(command ?? '')) {
			return { kind: 'refused', permanent: code >= 500, response };
		}
		if (command === 'MAIL FROM' && code >= 500) return { kind: 'sender_refused', response };
		return { kind: 'unreachable', reason };
	}
	// Faults of the message itself, found before anything was sent.
	if (['EENVELOPE', 'EMESSAGE', 'ESTREAM'].includes(textIn(error, 'code') ?? '') && !handedOver) {
		return { kind: 'refused', permanent: true, response: reason };
	}
	return handedOver && code === undefined
		? { kind: 'unknown', reason }
		: { kind: 'unreachable', reason };
}

// PostgreSQL takes no NUL, and an outcome that can't be written down would be tried for ever, and all others with it.
function storable(text: string): string {
	return text.replaceAll('\0', '');
}

function textIn(error: unknown, name: string): string | undefined {
	const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
	return typeof value === 'string' ? value : undefined;
}

function numberIn(error: unknown, name: string): number | undefined {
	const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
	return typeof value === 'number' ? value : undefined;
}
