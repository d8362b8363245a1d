import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, StackError } from '../errors.ts';
import type { N8nApi } from './api.ts';
import type { WorkflowFile } from './workflows.ts';

const workflow = z.looseObject({
	active: z.boolean(),
	versionId: z.string(),
	activeVersionId: z.string().nullable(),
});

/**
 * Publishes workflows through the API, which checks credentials and sub-workflows as the editor does and makes
 * triggers subscribe at once. Those that are published already in their present version are left alone.
 */
export async function publishWorkflows(api: N8nApi, workflows: WorkflowFile[]): Promise<void> {
	for (const { id, file, hasTrigger } of workflows) {
		if (!hasTrigger) continue;
		const state = await api.request(workflow, `/workflows/${id}`);
		if (state.active && state.activeVersionId === state.versionId) continue;
		await publish(api, id, file);
	}
}

/** n8n loads its webhooks some moments after it calls itself ready; a service may still be starting too. */
async function publish(api: N8nApi, id: string, file: string): Promise<void> {
	let attempts = 5;
	for (;;) {
		try {
			await api.request(workflow, `/workflows/${id}/publish`, { method: 'POST', body: {} });
			return;
		} catch (error) {
			if (--attempts === 0) {
				const detail = messageOf(error);
				throw new StackError('provision-failed', `${file} could not be published. ${detail}`, {
					advice: 'Open the workflow in the editor: its red marks say what is missing.',
					cause: error,
				});
			}
			await delay(1000);
		}
	}
}
