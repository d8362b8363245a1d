import { until } from '@autopilot/postgres/testing';
import type { RunningStack } from '@autopilot/stack';
import { z } from 'zod';

const CREDENTIALS: Record<string, { type: string; id: string }> = {
	store: { type: 'autopilotStoreApi', id: 'apStore' },
	license: { type: 'autopilotStoreApi', id: 'apStore' },
	researchBot: { type: 'autopilotResearchBotApi', id: 'apResearch' },
};

/** A node of ours as a tool. The model knows it by its name with underscores. */
export function tool(name: string, type: string, parameters: object) {
	const credential = CREDENTIALS[type];
	if (credential === undefined) throw new Error(`No credential is known for ${type}.`);
	const credentials = { [credential.type]: { id: credential.id, name: type } };
	return { name, type: `n8n-nodes-autopilot.${type}Tool`, parameters, credentials };
}

/** The value of a parameter that the model chooses. */
export const fromModel = (key: string) => `={{ $fromAI('${key}', '', 'string') }}`;

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
const withId = z.looseObject({ id: z.string() });
const withVersion = withId.extend({ versionId: z.string() });

/**
 * Puts a workflow into production that hands what is posted to it to an AI agent.
 * @returns asks the agent, and gives what it says
 */
export async function deployAgent(
	stack: Pick<RunningStack, 'n8n' | 'urls'>,
	of: { path: string; version: number; modelUrl: string; tools: ReturnType<typeof tool>[] },
): Promise<(question: string) => Promise<string>> {
	const n8n = stack.n8n();
	const credential = await n8n.request(withId, '/credentials', {
		method: 'POST',
		body: {
			name: of.path,
			type: 'openAiApi',
			data: { apiKey: 'none', url: of.modelUrl, header: false },
		},
	});
	const node = (name: string, type: string, typeVersion: number, parameters: object) => ({
		...{ id: name, name, type, typeVersion, parameters, position: [0, 0] },
	});
	const nodes = [
		{
			...node('Asked', 'n8n-nodes-base.webhook', 2.1, {
				...{ httpMethod: 'POST', path: of.path, responseMode: 'lastNode' },
			}),
			webhookId: of.path,
		},
		node('Agent', `${LANGCHAIN}.agent`, of.version, {
			...{ promptType: 'define', text: '={{ $json.body.question }}', options: {} },
		}),
		{
			...node('Model', `${LANGCHAIN}.lmChatOpenAi`, 1.2, {
				model: { __rl: true, mode: 'id', value: 'small' },
				options: { maxRetries: 0 },
			}),
			credentials: { openAiApi: { id: credential.id, name: of.path } },
		},
		...of.tools.map(({ name, type, parameters, credentials }) => ({
			...{ ...node(name, type, 1, parameters), credentials },
		})),
	];
	const to = (type: string) => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
	const connections = {
		Asked: to('main'),
		Model: to('ai_languageModel'),
		...Object.fromEntries(of.tools.map(({ name }) => [name, to('ai_tool')])),
	};
	const { id, versionId } = await n8n.request(withVersion, '/workflows', {
		method: 'POST',
		body: { name: of.path, nodes, connections, settings: { executionOrder: 'v1' } },
	});
	await n8n.request(z.unknown(), `/workflows/${id}/publish`, {
		method: 'POST',
		body: { versionId },
	});
	const ask = (question: string) =>
		fetch(`${stack.urls.n8n}/webhook/${of.path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ question }),
		});
	return async (question) => {
		const answer = await until(
			async () => {
				const response = await ask(question);
				// n8n opens the webhook some moments after it was published.
				return response.status !== 404 && response;
			},
			{ timeoutMs: 120_000, what: `the webhook ${of.path}` },
		);
		const said = await answer.text();
		if (!answer.ok) throw new Error(`The agent failed: ${answer.status} ${said}`);
		return z.looseObject({ output: z.string() }).parse(JSON.parse(said)).output;
	};
}
