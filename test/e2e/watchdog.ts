import type { Stack } from '@autopilot/stack';
import { z } from 'zod';

const workflow = z.looseObject({
	...{ name: z.string(), connections: z.unknown(), settings: z.unknown() },
	nodes: z.array(z.looseObject({ type: z.string(), parameters: z.unknown() })),
});

/** Lets a watchdog look every few seconds, as it does every few minutes. */
export async function hurryWatchdog(stack: Stack, id: string): Promise<void> {
	const n8n = stack.n8n();
	const at = `/workflows/${id}`;
	const { name, nodes, connections, settings } = await n8n.request(workflow, at);
	const timer = { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } };
	const hurried = nodes.map((node) =>
		node.type.endsWith('scheduleTrigger') ? { ...node, parameters: timer } : node,
	);
	const body = { name, nodes: hurried, connections, settings };
	const { versionId } = await n8n.request(z.looseObject({ versionId: z.string() }), at, {
		...{ method: 'PUT', body },
	});
	await n8n.request(z.unknown(), `${at}/publish`, { method: 'POST', body: { versionId } });
}
