import { createServer } from 'node:net';
import { parentPort } from 'node:worker_threads';

// The least that is an SMTP server, in a thread of its own, so that a measurement is of the sender and not of it.
let accepted = 0;
let last = '';
const server = createServer((socket) => {
	let inData = false;
	let pending = '';
	socket.setNoDelay(true);
	socket.on('error', () => undefined);
	socket.write('220 sink\r\n');
	socket.on('data', (chunk) => {
		pending += chunk.toString('latin1');
		for (;;) {
			const end = inData ? pending.indexOf('\r\n.\r\n') : pending.indexOf('\r\n');
			if (end < 0) return;
			const line = pending.slice(0, end);
			pending = pending.slice(end + (inData ? 5 : 2));
			if (inData) {
				inData = false;
				accepted++;
				last = line;
				socket.write('250 taken\r\n');
				continue;
			}
			inData = line === 'DATA';
			if (line.startsWith('EHLO')) socket.write('250-sink\r\n250 8BITMIME\r\n');
			else socket.write(inData ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
		}
	});
});
server.listen(0, '127.0.0.1', () => {
	const address = server.address();
	parentPort?.postMessage({ port: typeof address === 'object' ? address?.port : 0 });
});
parentPort?.on('message', () => parentPort?.postMessage({ accepted, last }));
