import { SMTPServer } from 'smtp-server';
import type { Mails } from './mails.ts';

const MAX_MESSAGE_BYTES = 30_000_000;

/** An SMTP server that accepts everything and forwards nothing. */
export function createSmtpServer(mails: Mails): SMTPServer {
	return new SMTPServer({
		// No certificate that a client would trust, and nothing leaves this machine.
		disabledCommands: ['STARTTLS', 'AUTH'],
		size: MAX_MESSAGE_BYTES,
		disableReverseLookup: true,
		logger: false,
		onData(stream, session, callback) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.once('error', callback);
			stream.once('end', () => {
				if (stream.sizeExceeded) {
					callback(Object.assign(new Error('Message too large'), { responseCode: 552 }));
					return;
				}
				const { mailFrom, rcptTo } = session.envelope;
				mails
					.add(Buffer.concat(chunks), {
						from: mailFrom === false ? '' : mailFrom.address,
						to: rcptTo.map(({ address }) => address),
					})
					.then(({ id }) => callback(null, `caught as ${id}`), callback);
			});
		},
	});
}
