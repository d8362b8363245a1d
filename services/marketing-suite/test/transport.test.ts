import { once } from 'node:events';
import { createServer } from 'node:net';
import { createTestDatabase } from '@autopilot/postgres/testing';
import { expect, it } from '@jest/globals';
import { migrations } from '../src/migrations.ts';
import type { Mail } from '../src/sending/message.ts';
import { createSmtpTransport } from '../src/sending/transport.ts';

const MAIL: Mail = {
	from: { name: 'Shop', email: 'shop@shop.example' },
	to: { name: null, email: 'ada@example.com' },
	subject: 'Hello',
	html: '<p>Hello</p>',
	text: 'Hello',
	messageId: '<1@shop.example>',
	headers: {},
	replyTo: null,
	textEncoding: 'quoted-printable',
};

/** A server that says this to RCPT TO, byte by byte as it is given, and takes everything else. */
async function serverThatSays(words: string) {
	const server = createServer((socket) => {
		socket.on('error', () => undefined).write('220 here\r\n');
		socket.on('data', (chunk) => {
			const line = chunk.toString('latin1');
			socket.write(line.startsWith('RCPT TO') ? `${words}\r\n` : '250 ok\r\n');
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : 0;
	const transport = createSmtpTransport({ url: `smtp://127.0.0.1:${port}`, connections: 1 });
	return {
		transport,
		async close() {
			transport.close();
			server.close();
			await once(server, 'close');
		},
	};
}

it('tells what a server says in words that the database takes, whatever bytes it sends', async () => {
	const database = await createTestDatabase(migrations);
	const { transport, close } = await serverThatSays('550 no\0body \xed\xa0\x80 here\x07');
	const outcome = await transport.send(MAIL);
	expect(outcome).toMatchObject({ kind: 'refused', permanent: true });
	expect(outcome).toMatchObject({ response: expect.stringMatching(/^550 nobody .* here/) });
	const { rows } = await database.db.query('SELECT $1::text AS said, $2::jsonb AS told', [
		'response' in outcome ? outcome.response : '',
		JSON.stringify(outcome),
	]);
	expect(rows).toEqual([{ said: expect.stringContaining('nobody'), told: outcome }]);
	await close();
	await database.drop();
});
