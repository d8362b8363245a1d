import type { Queryable, Tx } from '@autopilot/postgres';
import type { Mailbox } from '../mailbox.ts';
import type { Rendered } from '../templates/schema.ts';
import type { CreateMail, ListMails, Mail, RenderedMail } from './schema.ts';

type Row = Omit<RenderedMail, 'createdAt' | 'sentAt'> & { createdAt: Date; sentAt: Date | null };

const COLUMNS = `id, send_once_key AS "sendOnceKey", subject, state, attempts,
	(SELECT t.id FROM templates t WHERE t.id = template_id) AS "templateId",
	json_build_object('email', to_email, 'name', to_name) AS "to", response, error,
	created_at AS "createdAt", sent_at AS "sentAt"`;

/** @returns undefined when a mail with this key exists */
export async function insertMail(
	tx: Tx,
	mail: Pick<CreateMail, 'to' | 'from' | 'replyTo' | 'sendOnceKey'> &
		Rendered & { templateId: string; correlationId: string },
): Promise<Mail | undefined> {
	const { rows } = await tx.query<Row>(
		`INSERT INTO mails (send_once_key, to_email, to_name, from_email, from_name, reply_to, template_id,
			subject, html, text, correlation_id, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN EXISTS (
			SELECT 1 FROM suppressions WHERE email_hash = email_hash($2)
		) THEN 'suppressed' ELSE 'queued' END)
		ON CONFLICT ON CONSTRAINT mails_send_once_key DO NOTHING RETURNING ${COLUMNS}`,
		[
			mail.sendOnceKey ?? null,
			mail.to.email,
			mail.to.name,
			mail.from?.email ?? null,
			mail.from?.name ?? null,
			mail.replyTo ?? null,
			mail.templateId,
			mail.subject,
			mail.html,
			mail.text,
			mail.correlationId,
		],
	);
	return rows.map(toMail)[0];
}

export async function noteJob(tx: Tx, id: string, jobId: string): Promise<void> {
	await tx.query('UPDATE mails SET job_id = $2 WHERE id = $1', [id, jobId]);
}

export async function findMail(db: Queryable, id: string): Promise<RenderedMail | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS}, html, text FROM mails WHERE id = $1`, [
		id,
	]);
	return rows.map((row) => ({ ...toMail(row), html: row.html, text: row.text }))[0];
}

export async function findByKey(db: Queryable, sendOnceKey: string): Promise<Mail | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM mails WHERE send_once_key = $1`, [
		sendOnceKey,
	]);
	return rows.map(toMail)[0];
}

/** The newest first; up to `limit + 1`. */
export async function selectMails(
	db: Queryable,
	{ cursor, limit, email, state }: ListMails,
): Promise<Mail[]> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM mails
		WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR lower(to_email) = lower($2))
			AND ($3::text IS NULL OR state = $3)
		ORDER BY id DESC LIMIT $4`,
		[cursor ?? null, email ?? null, state ?? null, limit + 1],
	);
	return rows.map(toMail);
}

/** A mail to be sent now. */
export interface Begun extends Rendered {
	to: Mailbox;
	from: Mailbox | null;
	replyTo: string | null;
	/** The try before ended without a word: it may have gone out. */
	mayBeOut: boolean;
}

/** Marks a mail as being sent. @returns undefined when there is nothing to send any more */
export async function beginMail(db: Queryable, id: string): Promise<Begun | undefined> {
	const { rows } = await db.query<Begun>(
		`WITH before AS (SELECT state FROM mails WHERE id = $1 FOR UPDATE)
		UPDATE mails m SET state = 'sending', attempts = attempts + 1 FROM before
		WHERE m.id = $1 AND before.state IN ('queued', 'sending')
		RETURNING before.state = 'sending' AS "mayBeOut", m.subject, m.html, m.text,
			json_build_object('email', to_email, 'name', to_name) AS "to", reply_to AS "replyTo",
			CASE WHEN from_email IS NOT NULL THEN json_build_object('email', from_email, 'name', from_name) END
				AS "from"`,
		[id],
	);
	return rows[0];
}

/** The try certainly sent nothing. */
export async function putBack(db: Queryable, id: string, error: string): Promise<void> {
	await db.query(
		`UPDATE mails SET state = 'queued', error = $2 WHERE id = $1 AND state = 'sending'`,
		[id, error],
	);
}

/** @returns undefined when the mail has ended already */
export async function endMail(
	tx: Tx,
	jobId: string,
	end: { state: 'sent' | 'failed'; response: string | null; error: string | null },
): Promise<Mail | undefined> {
	const { rows } = await tx.query<Row>(
		`UPDATE mails SET state = $2, response = $3, error = $4,
			sent_at = CASE WHEN $2 = 'sent' THEN now() END
		WHERE job_id = $1 AND state IN ('queued', 'sending') RETURNING ${COLUMNS}`,
		[jobId, end.state, end.response, end.error],
	);
	return rows.map(toMail)[0];
}

function toMail({ html: _html, text: _text, ...row }: Row): Mail {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		sentAt: row.sentAt?.toISOString() ?? null,
	};
}
