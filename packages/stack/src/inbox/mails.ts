import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { z } from 'zod';

const summarySchema = z.object({
	id: z.string(),
	receivedAt: z.iso.datetime(),
	/** Envelope addresses: who it was really sent by and to. */
	from: z.string(),
	to: z.array(z.string()),
	subject: z.string(),
	sizeBytes: z.int(),
});
export type MailSummary = z.infer<typeof summarySchema>;

export interface Mail extends MailSummary {
	headers: { name: string; value: string }[];
	html: string | null;
	text: string | null;
	attachments: { name: string; type: string; sizeBytes: number }[];
}

/** Caught mails as files, two each: the message as it came (.eml) and its summary (.json). */
export interface Mails {
	add(message: Buffer, envelope: { from: string; to: string[] }): Promise<MailSummary>;
	/** Newest first. `to` and `subject` match parts, without regard to case. */
	list(filter?: { to?: string; subject?: string }): MailSummary[];
	get(id: string): Promise<Mail | undefined>;
	raw(id: string): Promise<Buffer | undefined>;
	clear(): Promise<void>;
}

export async function openMails(folder: string): Promise<Mails> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const summaries = await readSummaries(folder);
	const file = (id: string, kind: 'eml' | 'json' | 'tmp') => path.join(folder, `${id}.${kind}`);
	const raw = async (id: string) =>
		summaries.has(id) ? await readFile(file(id, 'eml')) : undefined;
	return {
		raw,
		async add(message, envelope) {
			const { subject } = await PostalMime.parse(message);
			const summary: MailSummary = {
				id: randomUUID(),
				receivedAt: new Date().toISOString(),
				...envelope,
				subject: subject ?? '',
				sizeBytes: message.length,
			};
			await writeFile(file(summary.id, 'eml'), message);
			// Whole or not at all: half a summary would keep the inbox from starting again.
			await writeFile(file(summary.id, 'tmp'), JSON.stringify(summary));
			await rename(file(summary.id, 'tmp'), file(summary.id, 'json'));
			summaries.set(summary.id, summary);
			return summary;
		},
		list(filter = {}) {
			const to = filter.to?.toLowerCase() ?? '';
			const subject = filter.subject?.toLowerCase() ?? '';
			return [...summaries.values()]
				.filter((mail) => to === '' || mail.to.some((one) => one.toLowerCase().includes(to)))
				.filter((mail) => mail.subject.toLowerCase().includes(subject))
				.reverse();
		},
		async get(id) {
			const [summary, message] = [summaries.get(id), await raw(id)];
			if (summary === undefined || message === undefined) return undefined;
			return describe(summary, await PostalMime.parse(message));
		},
		async clear() {
			const ids = [...summaries.keys()];
			summaries.clear();
			await Promise.all(
				ids.flatMap((id) => [rm(file(id, 'json')), rm(file(id, 'eml'), { force: true })]),
			);
		},
	};
}

async function readSummaries(folder: string): Promise<Map<string, MailSummary>> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
	const summaries = await Promise.all(
		names.map(async (name) =>
			summarySchema.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8'))),
		),
	);
	summaries.sort((one, other) => one.receivedAt.localeCompare(other.receivedAt));
	return new Map(summaries.map((summary) => [summary.id, summary]));
}

function describe(summary: MailSummary, email: Email): Mail {
	return {
		...summary,
		headers: email.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
		html: email.html ?? null,
		text: email.text ?? null,
		attachments: email.attachments.map(({ filename, mimeType, content }) => ({
			name: filename ?? 'unnamed',
			type: mimeType,
			sizeBytes: typeof content === 'string' ? content.length : content.byteLength,
		})),
	};
}
