import { emit } from '@autopilot/events';
import { defineJob, type Job, type JobContext, JobFailure } from '@autopilot/jobs';
import type { Database, Tx } from '@autopilot/postgres';
import { z } from 'zod';
import type { Mailbox } from '../mailbox.ts';
import type { DeliveryLookup } from '../sending/delivery-lookup.ts';
import type { SmtpTransport } from '../sending/transport.ts';
import type { Tokens } from '../tracking/tokens.ts';
import { beginMail, endMail, putBack } from './store.ts';

/** Some 9 hours of tries: a mailbox that puts us off, or an SMTP server that is down over night. */
export const sendMailJob = defineJob({
	name: 'send-mail',
	payload: z.object({ mailId: z.uuid() }),
	maxAttempts: 16,
	backoffMs: 1000,
});

export interface MailSenderParts {
	db: Database;
	transport: SmtpTransport;
	lookup: DeliveryLookup | undefined;
	tokens: Tokens;
	defaultFrom: Mailbox;
}

/**
 * Sends one mail. A worker that died in between leaves it open whether the mail is out: then whoever can tell is
 * asked by its Message-ID, and where nobody can, it is sent again. A key that came twice harms less than none.
 */
export async function sendMail(
	{ db, transport, lookup, tokens, defaultFrom }: MailSenderParts,
	{ payload: { mailId } }: JobContext<{ mailId: string }>,
): Promise<{ response: string | null }> {
	const mail = await beginMail(db, mailId);
	if (mail === undefined) return { response: null };
	const from = mail.from ?? defaultFrom;
	const domain = from.email.slice(from.email.lastIndexOf('@') + 1);
	const messageId = `<${tokens.messageKey('mail', mailId)}@${domain}>`;
	if (mail.mayBeOut && lookup !== undefined) {
		const out = await lookup.accepted([{ messageId, email: mail.to.email }]);
		if (out.has(messageId)) return { response: null };
	}
	const result = await transport.send({
		...{ from, to: mail.to, replyTo: mail.replyTo, messageId },
		...{ subject: mail.subject, html: mail.html, text: mail.text },
		headers: { 'Auto-Submitted': 'auto-generated' },
		textEncoding: 'quoted-printable',
	});
	switch (result.kind) {
		case 'accepted':
			return { response: result.response };
		case 'refused':
			if (result.permanent) throw new JobFailure('mail_refused', result.response);
			await putBack(db, mailId, result.response);
			throw new Error(result.response);
		case 'sender_refused':
			throw new JobFailure('sender_refused', result.response);
		case 'unreachable':
			await putBack(db, mailId, result.reason);
			throw new Error(`The SMTP server can not be reached: ${result.reason}`);
		case 'unknown':
			throw new Error(`The answer of the SMTP server was lost: ${result.reason}`);
	}
}

const sent = z.object({ response: z.string().nullable() });

/** Ends the mail with its job and tells of it, in the same transaction. */
export async function finishMail(tx: Tx, job: Job): Promise<void> {
	const { data } = sent.safeParse(job.result);
	const state = job.state === 'succeeded' ? 'sent' : 'failed';
	const error = state === 'sent' ? null : (job.error?.message ?? 'cancelled');
	const mail = await endMail(tx, job.id, { state, response: data?.response ?? null, error });
	if (mail === undefined) return;
	await emit(tx, {
		type: `mail.${state}`,
		aggregate: { type: 'mail', id: mail.id },
		data: mail,
		correlationId: job.correlationId,
	});
}
