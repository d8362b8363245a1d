import { connect, type Socket } from 'node:net';

export interface Load {
	/** Answers per second. */
	rate: number;
	/** Milliseconds that 95 of 100 answers took at most. */
	p95: number;
	/** Answers by status. */
	statuses: Map<number, number>;
}

interface Request {
	method: 'GET' | 'POST';
	path: string;
	headers: Record<string, string>;
	body?: string;
}

/**
 * Sends one request over and over on some connections for a time, on each the next as soon as the answer is there.
 * It reads no more of an answer than its head and its length: on two cores a full client would take more of the
 * machine than what is measured.
 */
export async function load(
	origin: string,
	request: Request,
	options: { connections: number; seconds: number },
): Promise<Load> {
	const { hostname, port } = new URL(origin);
	const bytes = Buffer.from(textOf(request, hostname));
	const until = performance.now() + options.seconds * 1000;
	const took: number[] = [];
	const statuses = new Map<number, number>();
	const from = performance.now();
	await Promise.all(
		Array.from({ length: options.connections }, () =>
			repeat(
				connect({ host: hostname, port: Number(port), noDelay: true }),
				bytes,
				until,
				(status, ms) => {
					took.push(ms);
					statuses.set(status, (statuses.get(status) ?? 0) + 1);
				},
			),
		),
	);
	const seconds = (performance.now() - from) / 1000;
	took.sort((a, b) => a - b);
	return { rate: took.length / seconds, p95: took[Math.floor(took.length * 0.95)] ?? 0, statuses };
}

/** The middle one of several runs, by rate. */
export function median(loads: Load[]): Load {
	const sorted = loads.toSorted((a, b) => a.rate - b.rate);
	const middle = sorted[Math.floor(sorted.length / 2)];
	if (middle === undefined) throw new Error('The median of nothing.');
	return middle;
}

function textOf({ method, path, headers, body }: Request, host: string): string {
	const all = {
		host,
		...headers,
		...(body === undefined
			? {}
			: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
	};
	const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
	return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

function repeat(
	socket: Socket,
	bytes: Buffer,
	until: number,
	answered: (status: number, ms: number) => void,
): Promise<void> {
	return new Promise((resolve, reject) => {
		let sentAt = 0;
		let status = 0;
		let missing = 0;
		const send = () => {
			sentAt = performance.now();
			socket.write(bytes);
		};
		const done = () => {
			const now = performance.now();
			answered(status, now - sentAt);
			if (now < until) send();
			else socket.end(() => resolve());
		};
		socket.on('connect', send);
		socket.on('error', reject);
		socket.on('data', (chunk: Buffer) => {
			if (missing > 0) {
				missing -= chunk.length;
			} else {
				const head = chunk.indexOf('\r\n\r\n');
				const text = chunk.toString('latin1', 0, head);
				const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
				if (head < 0 || length === undefined) {
					reject(new Error(`An answer that this load can not count:\n${text}`));
					socket.destroy();
					return;
				}
				status = Number(text.slice(9, 12));
				missing = Number(length) - (chunk.length - head - 4);
			}
			if (missing === 0) done();
		});
	});
}
