import { conflict, notFound } from '@autopilot/http';
import { enqueue } from '@autopilot/jobs';
import type { Queryable, Tx } from '@autopilot/postgres';
import type { Compiler } from '../templates/compiler.ts';
import { checkText, renderOnce, scopeFor } from '../templates/content.ts';
import { contentOf, templateIdOf } from '../templates/templates.ts';
import { sendMailJob } from './jobs.ts';
import type { CreateMail, Mail, RenderedMail } from './schema.ts';
import { findByKey, findMail, insertMail, noteJob } from './store.ts';

export async function getMail(db: Queryable, id: string): Promise<RenderedMail> {
	const mail = await findMail(db, id);
	if (mail === undefined) throw notFound('mail', id);
	return mail;
}

/**
 * Renders a mail and queues it. What is sent for a reason of its own needs no consent and has no link to unsubscribe;
 * an address on the suppression list gets it as little as any other.
 * @returns the first mail, and `created: false`, for a known sendOnceKey
 */
export async function createMail(
	tx: Tx,
	compiler: Compiler,
	input: CreateMail & { correlationId: string; callerId: string },
): Promise<{ mail: Mail; created: boolean }> {
	const { sendOnceKey } = input;
	const known = sendOnceKey === undefined ? undefined : await findByKey(tx, sendOnceKey);
	if (known !== undefined) return { mail: known, created: false };
	const templateId = await templateIdOf(tx, input.templateId);
	const content = await contentOf(tx, compiler, templateId);
	if (input.subject !== undefined) checkText(input.subject, '/subject');
	const rendered = renderOnce(
		{ ...content, ...(input.subject === undefined ? {} : { subject: input.subject }) },
		scopeFor({
			contact: { id: '', email: input.to.email, name: input.to.name, attributes: {} },
			campaign: { id: '', name: '' },
			data: input.data,
			preheader: '',
			unsubscribeUrl: '',
		}),
	);
	const mail = await insertMail(tx, { ...input, ...rendered, templateId });
	if (mail === undefined) {
		// Two at once: the other has committed meanwhile.
		const other = sendOnceKey === undefined ? undefined : await findByKey(tx, sendOnceKey);
		if (other !== undefined) return { mail: other, created: false };
		throw conflict('send_once_key_taken', 'This sendOnceKey is being used by another request.');
	}
	if (mail.state === 'suppressed') return { mail, created: true };
	const { correlationId, callerId } = input;
	const job = await enqueue(tx, sendMailJob, { mailId: mail.id }, { correlationId, callerId });
	await noteJob(tx, mail.id, job.id);
	return { mail, created: true };
}
