import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { OwnerSession } from './client.ts';

const publication = z.looseObject({
	status: z.enum(['in_progress', 'not_published', 'published', 'partial', 'failed']),
	/** The version whose triggers are subscribed. */
	liveVersionId: z.string().nullish(),
	triggers: z.array(z.looseObject({ errorMessage: z.string().nullish() })),
});

const POLL_MS = 50;
const SETTLES_WITHIN_MS = 30_000;

/** What became of a publication: n8n says yes at once and subscribes the triggers afterwards. */
export interface Publication {
	/**
	 * Waits until n8n is done with it.
	 * @param versionId  that must be live then
	 * @returns what went wrong, or undefined
	 */
	problemOf(workflowId: string, versionId: string): Promise<string | undefined>;
}

export function publicationOf(session: OwnerSession): Publication {
	return {
		async problemOf(id, versionId) {
			const path = `/workflows/${id}/publication-status`;
			const deadline = Date.now() + SETTLES_WITHIN_MS;
			for (;;) {
				const { status, liveVersionId, triggers } = await session.request(publication, path);
				if (status === 'published' && liveVersionId === versionId) return undefined;
				if (status === 'failed' || status === 'partial') {
					const told = triggers.flatMap(({ errorMessage }) => errorMessage ?? []);
					return told.length > 0 ? told.join('; ') : `n8n calls it ${status}`;
				}
				// Also when it is not published, or another version is: n8n has only not come to it yet.
				if (Date.now() > deadline) {
					return `after 30 s n8n calls it ${status}, live is the version ${liveVersionId ?? '(none)'}`;
				}
				await delay(POLL_MS);
			}
		},
	};
}
