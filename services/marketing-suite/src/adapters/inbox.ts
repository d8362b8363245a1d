import { z } from 'zod';
import type { DeliveryLookup, Sought } from '../sending/delivery-lookup.ts';

const TIMEOUT_MS = 5000;
const summaries = z.object({ data: z.array(z.object({ id: z.string() })) });
const mail = z.object({ headers: z.array(z.object({ name: z.string(), value: z.string() })) });

/**
 * The web inbox of the embedded mail catcher, asked by `GET /api/mails?to=` and `GET /api/mails/{id}`.
 * @param url  base URL of the inbox
 */
export function inboxLookup(url: string): DeliveryLookup {
	const base = url.replace(/\/+$/, '');
	return {
		async accepted(mails) {
			const found = new Set<string>();
			for (const sought of mails) if (await hasArrived(base, sought)) found.add(sought.messageId);
			return found;
		},
	};
}

async function hasArrived(base: string, { messageId, email }: Sought): Promise<boolean> {
	const { data } = summaries.parse(await get(`${base}/api/mails?to=${encodeURIComponent(email)}`));
	for (const { id } of data) {
		const { headers } = mail.parse(await get(`${base}/api/mails/${encodeURIComponent(id)}`));
		if (
			headers.some((h) => h.name.toLowerCase() === 'message-id' && h.value.trim() === messageId)
		) {
			return true;
		}
	}
	return false;
}

async function get(url: string): Promise<unknown> {
	const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
	if (!answer.ok) throw new Error(`The inbox answers ${answer.status}.`);
	return answer.json();
}
