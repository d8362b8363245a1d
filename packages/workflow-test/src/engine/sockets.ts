import net from 'node:net';
import { currentWorld } from './world.ts';

/** Instead of a method, for what is no HTTP request that could be answered; check.ts knows it. */
const CONNECTION = 'CONNECT';

/**
 * Ends every connection of a closed world that does not lead to this process: databases, and clients that bring their own
 * HTTP, as those of models do. What they wanted is told like a request that nothing answers.
 */
export function closeSockets(port: () => number): void {
	const real = net.Socket.prototype.connect;
	const connect = function (this: net.Socket, ...given: unknown[]): net.Socket {
		const world = currentWorld.getStore();
		const [host, wanted] = targetOf(given);
		const isOwn = wanted === undefined || (host === '127.0.0.1' && wanted === port());
		if (world === undefined || isOwn) return Reflect.apply(real, this, given);
		const url = `${host}:${wanted}`;
		if (!world.requests.some((one) => one.url === url))
			world.requests.push({ method: CONNECTION, url, ...NOTHING });
		process.nextTick(() => this.destroy(new Error(`${url} is outside of the test`)));
		return this;
	};
	Object.assign(net.Socket.prototype, { connect });
}

const NOTHING = { query: {}, headers: {}, body: undefined, answer: undefined };

/** Host and port; no port for sockets that are files. Node hands its own calls over as one list. */
function targetOf([first, second]: unknown[]): [host: string, port: number | undefined] {
	if (Array.isArray(first)) return targetOf(first);
	if (typeof first === 'object' && first !== null) {
		const host: unknown = Reflect.get(first, 'host');
		return [typeof host === 'string' ? host : 'localhost', portOf(Reflect.get(first, 'port'))];
	}
	return [typeof second === 'string' ? second : 'localhost', portOf(first)];
}

function portOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && value !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}
