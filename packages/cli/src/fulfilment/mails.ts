import type { RunningStack } from '@autopilot/stack';
import { z } from 'zod';

const inbox = z.object({
	data: z.array(z.looseObject({ id: z.string(), subject: z.string(), to: z.array(z.string()) })),
});
export type Mail = z.infer<typeof inbox>['data'][number];

/** What a person got, the oldest first; nothing where real mail is sent. */
export async function mailsTo(stack: RunningStack, email: string): Promise<Mail[]> {
	if (stack.urls.inbox === undefined) return [];
	const url = `${stack.urls.inbox}/api/mails?to=${encodeURIComponent(email)}`;
	const answer = await fetch(url, { signal: AbortSignal.timeout(15_000) });
	return inbox.parse(await answer.json()).data.toReversed();
}
