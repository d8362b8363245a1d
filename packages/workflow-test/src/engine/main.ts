// Runs workflows with n8n's own engine, without the server. A process of its own: n8n-core takes seconds to load inside of
// Jest's module registry, and here it is loaded once.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { baseUrl, serveUnder } from './additional-data.ts';
import { describe, search } from './describe.ts';
import { resume, run } from './executions.ts';
import { answerCanned, redirectRequests } from './http.ts';
import { loadFor, loadPackages } from './node-types.ts';
import type { EngineCall, EngineCalls } from './protocol.ts';
import { closeSockets } from './sockets.ts';
import { hook, webhook } from './webhooks.ts';
import { outlineOf } from './workflows.ts';

const calls: {
	[Call in EngineCall]: (
		options: EngineCalls[Call]['options'],
	) => Promise<EngineCalls[Call]['result']>;
} = {
	...{ run, webhook, hook, search, describe },
	async outline({ workflow }) {
		await loadFor(workflow);
		return outlineOf(workflow);
	},
};

let port = 0;
redirectRequests(() => port);
closeSockets(() => port);

const server = createServer((request, response) => {
	const handle = async () => {
		const body = await bodyOf(request);
		if (await answerCanned(request, response, body)) return;
		const { pathname, searchParams } = new URL(request.url ?? '/', baseUrl());
		const id = pathname.split('/').pop() ?? '';
		const query = Object.fromEntries(searchParams);
		await resume(id, { headers: request.headers, query, body }, (status, answer) => {
			response.writeHead(status).end(JSON.stringify(answer));
		});
	};
	handle().catch((error: unknown) => {
		if (!response.headersSent) response.writeHead(500);
		response.end(String(error));
	});
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
port = typeof address === 'object' && address !== null ? address.port : 0;
serveUnder(`http://127.0.0.1:${port}`);
await loadPackages(process.argv[2] ?? '');
await warmUp();

/** The first run of a process takes a quarter of a second: n8n loads parts of itself and its expression engine then. */
async function warmUp(): Promise<void> {
	const node = { typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
	await run({
		workflow: {
			nodes: [
				{ ...node, id: 'a', name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
				{
					...{
						id: 'b',
						name: 'Set',
						type: 'n8n-nodes-base.set',
						typeVersion: 3.5,
						position: [0, 0],
					},
					parameters: { mode: 'raw', jsonOutput: '={{ { now: $now.toISO() } }}', options: {} },
				},
			],
			connections: { Start: { main: [[{ node: 'Set', type: 'main', index: 0 }]] } },
		},
	});
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

process.on('message', (message: { id: number; call: EngineCall; options: never }) => {
	calls[message.call](message.options).then(
		(result) => process.send?.({ id: message.id, result }),
		(error: unknown) => process.send?.({ id: message.id, error: String(error) }),
	);
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
