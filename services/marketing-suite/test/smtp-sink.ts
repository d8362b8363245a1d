import { until } from '@autopilot/postgres/testing';
import { createServer } from 'node:http';
import { parseMail } from './mail-parser.ts';
import { SMTPServer } from 'smtp-server';

export interface CaughtMail {
	id: string;
	from: string;
	to: string[];
	raw: string;
	headers: Map<string, string>;
	html: string;
	text: string;
}

/** How the sink behaves; tests change it while it runs. */
export interface SinkManners {
	/** Called for each RCPT TO; what it returns is the SMTP code of a refusal. */
	refuse: (address: string) => number | undefined;
	/** Refusal of MAIL FROM. */
	refuseSender: number | undefined;
	/** Time between taking a mail and answering that it was taken, when crashes hurt most. */
	answerAfterMs: number;
}

/** A real SMTP server that keeps what it takes, with an HTTP inbox like the embedded mail catcher's. */
export async function startSmtpSink() {
	const mails: CaughtMail[] = [];
	const manners: SinkManners = {
		refuse: () => undefined,
		refuseSender: undefined,
		answerAfterMs: 0,
	};
	let server: SMTPServer | undefined;
	let port = 0;
	let connections = 0;
	let gate: Promise<void> | undefined;
	let held = 0;

	const start = async () => {
		const starting = new SMTPServer({
			disabledCommands: ['STARTTLS', 'AUTH'],
			disableReverseLookup: true,
			logger: false,
			closeTimeout: 1,
			onConnect(_session, callback) {
				connections++;
				callback();
			},
			onMailFrom(_address, _session, callback) {
				const code = manners.refuseSender;
				callback(code === undefined ? null : refusal(code));
			},
			onRcptTo({ address }, _session, callback) {
				const code = manners.refuse(address);
				callback(code === undefined ? null : refusal(code));
			},
			onData(stream, { envelope }, callback) {
				const chunks: Buffer[] = [];
				stream.on('data', (chunk: Buffer) => chunks.push(chunk));
				stream.on('end', () => {
					const raw = Buffer.concat(chunks).toString('utf8');
					mails.push({
						id: String(mails.length),
						from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
						to: envelope.rcptTo.map(({ address }) => address),
						raw,
						...parseMail(raw),
					});
					const answer = () => setTimeout(() => callback(null, 'taken'), manners.answerAfterMs);
					if (gate !== undefined) held++;
					void Promise.resolve(gate).then(answer);
				});
			},
		});
		starting.on('error', () => undefined);
		await new Promise<void>((resolve, reject) => {
			starting.server.once('error', reject);
			starting.listen(port, '127.0.0.1', resolve);
		});
		const address = starting.server.address();
		if (typeof address === 'object' && address !== null) ({ port } = address);
		server = starting;
	};
	const stop = async () => {
		const stopping = server;
		server = undefined;
		if (stopping === undefined) return;
		// As a crash of the server would: connections end without a word.
		for (const { _socket: socket } of connectionsOf(stopping)) socket.destroy();
		await new Promise<void>((resolve) => stopping.close(() => resolve()));
	};
	await start();

	const inbox = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://inbox');
		const id = /^\/api\/mails\/(\d+)$/.exec(url.pathname)?.[1];
		const mail = id === undefined ? undefined : mails[Number(id)];
		const to = url.searchParams.get('to') ?? '';
		const body =
			mail === undefined
				? { data: mails.filter((one) => one.to.includes(to)).map((one) => ({ id: one.id })) }
				: { headers: [...mail.headers].map(([name, value]) => ({ name, value })) };
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify(body));
	});
	await new Promise<void>((resolve) => inbox.listen(0, '127.0.0.1', resolve));
	const inboxAddress = inbox.address();
	const inboxPort = typeof inboxAddress === 'object' ? inboxAddress?.port : undefined;

	return {
		url: `smtp://127.0.0.1:${port}`,
		inboxUrl: `http://127.0.0.1:${inboxPort}`,
		mails,
		manners,
		/** Connections that were ever opened. */
		connections: () => connections,
		to: (address: string) => mails.filter((mail) => mail.to.includes(address)),
		/** From now on mails are taken, but not answered, until what this gives is called. */
		hold(): () => void {
			const { promise, resolve } = Promise.withResolvers<void>();
			gate = promise;
			held = 0;
			return () => {
				gate = undefined;
				resolve();
			};
		},
		/** Mails taken since `hold` without an answer. */
		held: () => held,
		/** Resolves when nobody is connected any more: what was sent before has been read. */
		quiet: () => until(() => server === undefined || [...connectionsOf(server)].length === 0),
		/** The one mail to an address, as soon as it has come. */
		arrival: (address: string) =>
			until(() => mails.find((mail) => mail.to.includes(address)), { what: `mail to ${address}` }),
		goDown: stop,
		comeUp: start,
		async close() {
			await stop();
			inbox.closeAllConnections();
			await new Promise<void>((resolve) => inbox.close(() => resolve()));
		},
	};
}

export type SmtpSink = Awaited<ReturnType<typeof startSmtpSink>>;

function refusal(responseCode: number): Error {
	return Object.assign(new Error('not now or never'), { responseCode });
}

function connectionsOf(server: SMTPServer): Iterable<{ _socket: { destroy(): void } }> {
	const connections: unknown = Reflect.get(server, 'connections');
	if (!(connections instanceof Set))
		throw new Error('smtp-server keeps its connections elsewhere.');
	return connections;
}
