import { connect } from 'node:net';

/** Whether a GET is answered with 2xx. */
export async function answersOk(url: string, signal: AbortSignal): Promise<boolean> {
	const response = await fetch(url, { signal, headers: { connection: 'close' } });
	await response.body?.cancel();
	return response.ok;
}

/** Whether a TCP server of this machine answers what it is told (bytes as latin1) with this text. */
export function speaks(
	port: number,
	expected: string,
	options: { say: string; signal: AbortSignal },
): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const socket = connect({ port, host: '127.0.0.1', signal: options.signal });
		let heard = '';
		socket.once('error', reject);
		socket.once('close', () => resolve(heard.includes(expected)));
		socket.write(options.say, 'latin1');
		socket.on('data', (chunk) => {
			heard += chunk.toString('latin1');
			if (heard.includes(expected)) socket.destroy();
		});
	});
}
