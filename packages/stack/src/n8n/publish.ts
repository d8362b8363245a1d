import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, StackError } from '../errors.ts';
import type { N8nApi, OwnerSession } from './api.ts';
import type { WorkflowFile } from './workflows.ts';

const workflow = z.looseObject({
	active: z.boolean(),
	versionId: z.string(),
	activeVersionId: z.string().nullable(),
});

const publication = z.looseObject({
	status: z.enum(['in_progress', 'not_published', 'published', 'partial', 'failed']),
	triggers: z.array(z.looseObject({ errorMessage: z.string().nullish() })),
});

const ATTEMPTS = 5;
const POLL_MS = 50;
const SETTLES_WITHIN_MS = 30_000;

/**
 * Publishes workflows through the API, which checks credentials and sub-workflows as the editor does, and waits until
 * their triggers have subscribed: n8n says yes at once and does that afterwards. Those that are published already in
 * their present version are only looked after: at n8n's start a service may not have been up yet.
 */
export async function publishWorkflows(
	n8n: { api: N8nApi; session: OwnerSession },
	workflows: WorkflowFile[],
): Promise<void> {
	for (const file of workflows.filter(({ hasTrigger }) => hasTrigger)) {
		const { active, activeVersionId, versionId } = await n8n.api.request(
			workflow,
			`/workflows/${file.id}`,
		);
		if (
			active &&
			activeVersionId === versionId &&
			(await problemOf(n8n.session, file.id)) === undefined
		) {
			continue;
		}
		await publish(n8n, file);
	}
}

/** Several times: n8n loads its webhooks some moments after it calls itself ready, and a service may still be starting. */
async function publish(
	{ api, session }: { api: N8nApi; session: OwnerSession },
	{ id, file }: WorkflowFile,
): Promise<void> {
	let problem: string | undefined;
	for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
		if (attempt > 1) await delay(1000);
		try {
			await api.request(workflow, `/workflows/${id}/unpublish`, { method: 'POST', body: {} });
			await api.request(workflow, `/workflows/${id}/publish`, { method: 'POST', body: {} });
			problem = await problemOf(session, id);
			if (problem === undefined) return;
		} catch (error) {
			if (!(error instanceof StackError)) throw error;
			problem = messageOf(error);
		}
	}
	throw new StackError('provision-failed', `${file} could not be published. ${problem ?? ''}`, {
		advice: 'Open the workflow in the editor: its red marks say what is missing.',
	});
}

/** Waits until n8n is done with a publication, and says what went wrong with its triggers, if anything did. */
async function problemOf(session: OwnerSession, id: string): Promise<string | undefined> {
	const deadline = Date.now() + SETTLES_WITHIN_MS;
	for (;;) {
		const { status, triggers } = await session.request(
			publication,
			`/workflows/${id}/publication-status`,
		);
		if (status === 'published') return undefined;
		if (status !== 'in_progress') {
			const told = triggers.flatMap(({ errorMessage }) => errorMessage ?? []);
			return told.length > 0 ? told.join('; ') : `n8n calls it ${status}`;
		}
		if (Date.now() > deadline) return 'n8n is still at it after 30 s';
		await delay(POLL_MS);
	}
}
