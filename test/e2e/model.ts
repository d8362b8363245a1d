import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const chat = z.looseObject({
	messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
	tools: z
		.array(
			z.looseObject({
				function: z.looseObject({
					...{ name: z.string(), description: z.string(), parameters: z.unknown() },
				}),
			}),
		)
		.default([]),
});
/** What a model is asked: the conversation so far, and the tools that it may call. */
export type Chat = z.output<typeof chat>;

/** A text, or calls of tools. */
type Reply = string | { tool: string; arguments: object }[];

/** What the tools have said so far, in the order they were called. */
export function toolAnswers({ messages }: Chat): unknown[] {
	return messages
		.filter(({ role }) => role === 'tool')
		.map(({ content }) => JSON.parse(z.string().parse(content)));
}

export interface Model {
	/** Base URL as a client of OpenAI takes it. */
	url: string;
	/** All that it was asked, in order. */
	asked: Chat[];
	close(): void;
}

/** A language model as far as the wire goes: OpenAI's chat completions, answered by the test. */
export async function startModel(reply: (asked: Chat) => Reply): Promise<Model> {
	const asked: Chat[] = [];
	const server = createServer((request, response) => {
		void text(request.setEncoding('utf8')).then((body) => {
			const question = chat.parse(JSON.parse(body));
			asked.push(question);
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(completion(reply(question), asked.length)));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		...{ url: `http://127.0.0.1:${port}/v1`, asked },
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

function completion(reply: Reply, turn: number): object {
	const calls = typeof reply === 'string' ? [] : reply;
	const message = {
		role: 'assistant',
		content: typeof reply === 'string' ? reply : null,
		...(calls.length > 0 && {
			tool_calls: calls.map((call, index) => ({
				id: `call_${turn}_${index}`,
				type: 'function',
				function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
			})),
		}),
	};
	return {
		...{ id: `chatcmpl-${turn}`, object: 'chat.completion', created: 0, model: 'small' },
		choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}
