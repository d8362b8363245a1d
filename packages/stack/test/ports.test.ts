import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '@autopilot/postgres/testing';
import { describeTaken, findPortHolder, listeningInodes, requireFreePorts } from '../src/ports.ts';

const servers: Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) server.close();
});

function listen(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer();
		servers.push(server);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			resolve(typeof address === 'object' && address !== null ? address.port : 0);
		});
	});
}

describe('ports taken by others', () => {
	it('are told with port, purpose, holder and the way out', async () => {
		const port = await listen();
		const refusal = requireFreePorts([{ port, purpose: 'store API' }]);
		await expect(refusal).rejects.toThrow(
			`Port ${port}, needed for the store API, is held by process ${process.pid} (`,
		);
		await expect(refusal).rejects.toMatchObject({
			code: 'port-taken',
			advice: expect.stringContaining('--port-base'),
		});
	});

	it('are all named in one message', async () => {
		const [one, other] = [await listen(), await listen()];
		const refusal = requireFreePorts([
			{ port: one, purpose: 'store API' },
			{ port: other, purpose: 'Redis' },
		]);
		await expect(refusal).rejects.toThrow(new RegExp(`Port ${one}.*\n.*Port ${other}`));
	});

	it('do not matter when they are free', async () => {
		const port = await freePort();
		await expect(requireFreePorts([{ port, purpose: 'store API' }])).resolves.toBeUndefined();
		expect(await findPortHolder(port)).toBeUndefined();
	});

	it('whose holder is hidden are still told', () => {
		expect(describeTaken({ port: 4001, purpose: 'store API' }, undefined)).toBe(
			'Port 4001, needed for the store API, is held by a process that this user may not see.',
		);
	});

	it('are found among listening sockets only', () => {
		const table = [
			'  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
			'   0: 0100007F:0FA1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1',
			'   1: 0100007F:0FA1 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 222 1',
			'   2: 0100007F:0FA2 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1',
		].join('\n');
		expect(listeningInodes(table, 4001)).toEqual(['111']);
	});
});
