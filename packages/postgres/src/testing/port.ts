import { createServer } from 'node:net';

// Above the range from which Linux takes ports for connections and for servers that ask for any port, so that nobody
// comes to one by chance before it is listened on, or while its server is away for a restart.
const FIRST = 61_000;
const LAST = 65_535;
const given = new Set<number>();

/** A TCP port of 127.0.0.1 that nobody holds at the moment; each call gives another one. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
		if (given.has(port) || !(await isFree(port))) continue;
		given.add(port);
		return port;
	}
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE') resolve(false);
			else reject(error);
		});
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
