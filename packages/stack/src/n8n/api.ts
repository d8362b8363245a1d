import { DEPLOY_SCOPES, type OwnerSession } from '@autopilot/workflow-deploy';
import { z } from 'zod';

/** What this stack and its tests ask of n8n's public API. */
const SCOPES = [
	...DEPLOY_SCOPES,
	...['execution:read', 'execution:list', 'execution:retry', 'execution:stop', 'execution:delete'],
	...['credential:read', 'credential:create', 'credential:update', 'credential:delete'],
	...['tag:list', 'tag:read'],
];

/** Whether n8n takes this key, for all that is asked: an older version of this stack made keys for less. */
export async function isKeyEnough(url: string, apiKey: string): Promise<boolean> {
	const headers = { 'x-n8n-api-key': apiKey };
	// n8n loads its API with the first request; on a busy machine that takes a while.
	const asked = ['workflows', 'data-tables'].map(async (list) => {
		const response = await fetch(`${url}/api/v1/${list}?limit=1`, {
			headers,
			signal: AbortSignal.timeout(60_000),
		});
		await response.body?.cancel();
		return response.ok;
	});
	return (await Promise.all(asked)).every(Boolean);
}

/** Makes an API key. n8n gives keys by no other way than a login: neither variable nor command line. */
export async function createApiKey(session: OwnerSession): Promise<string> {
	const { rawApiKey } = await session.request(
		z.looseObject({ rawApiKey: z.string() }),
		'/api-keys',
		{
			method: 'POST',
			// A label is unique for its user, and a key that was lost cannot be shown again.
			body: { label: `autopilot ${new Date().toISOString()}`, scopes: SCOPES, expiresAt: null },
		},
	);
	return rawApiKey;
}
