import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { OwnerSession } from './client.ts';

const publication = z.looseObject({
	status: z.enum(['in_progress', 'not_published', 'published', 'partial', 'failed']),
	triggers: z.array(z.looseObject({ errorMessage: z.string().nullish() })),
});

const POLL_MS = 50;
const SETTLES_WITHIN_MS = 30_000;

/** What became of a publication: n8n says yes at once and subscribes the triggers afterwards. */
export interface Publication {
	/** Waits until n8n is done with it. @returns what went wrong, or undefined */
	problemOf(workflowId: string): Promise<string | undefined>;
}

export function publicationOf(session: OwnerSession): Publication {
	return {
		async problemOf(id) {
			const deadline = Date.now() + SETTLES_WITHIN_MS;
			for (;;) {
				const path = `/workflows/${id}/publication-status`;
				const { status, triggers } = await session.request(publication, path);
				if (status === 'published') return undefined;
				if (status !== 'in_progress') {
					const told = triggers.flatMap(({ errorMessage }) => errorMessage ?? []);
					return told.length > 0 ? told.join('; ') : `n8n calls it ${status}`;
				}
				if (Date.now() > deadline) return 'n8n is still at it after 30 s';
				await delay(POLL_MS);
			}
		},
	};
}
