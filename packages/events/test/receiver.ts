import { createServer, type IncomingHttpHeaders } from 'node:http';
import { freePort } from '@autopilot/postgres/testing';

export interface Received {
	headers: IncomingHttpHeaders;
	body: string;
	event: { id: string; type: string; seq: number; aggregate: { id: string }; data: unknown };
}

/** A webhook receiver whose answers the test sets. */
export async function startReceiver() {
	const received: Received[] = [];
	let answer: (request: Received) => { status: number; headers?: Record<string, string> } = () => ({
		status: 200,
	});
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => {
			body += chunk.toString();
		});
		request.on('end', () => {
			const one = { headers: request.headers, body, event: JSON.parse(body) };
			received.push(one);
			const { status, headers } = answer(one);
			response.writeHead(status, headers).end();
		});
	});
	// A port that nobody else is given, for while it is down.
	const port = await freePort();
	const start = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	await start();
	return {
		url: `http://127.0.0.1:${port}/hook`,
		received,
		answerWith(next: typeof answer) {
			answer = next;
		},
		stop: () =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
		start,
	};
}
