import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '@autopilot/postgres';
import { findPortBase, type Stack, startStack } from '@autopilot/stack';

declare global {
	var testStack: Stack | undefined;
}

/** Starts one PostgreSQL for the whole test run; every test file clones its own database on it. */
export default async function startPostgres(): Promise<void> {
	if (process.env.TEST_DATABASE_URL !== undefined) return;
	const stack = await startStack({
		dataDir: await mkdtemp(path.join(tmpdir(), 'autopilot-test-')),
		portBase: await findPortBase(),
		only: ['postgres'],
		// Not the whole environment: with an operator's DATABASE_URL the tests would run on their server.
		environment: { PATH: process.env.PATH },
	});
	globalThis.testStack = stack;
	const url = new URL(stack.databaseUrl('store'));
	url.pathname = '/postgres';
	const db = connect(url.toString(), { name: 'test set-up', max: 1 });
	// Tests may lose their data with the machine, but not wait for the disk.
	for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
		await db.query(`ALTER SYSTEM SET ${setting} = off`);
	}
	await db.query('SELECT pg_reload_conf()');
	await db.close();
	process.env.TEST_DATABASE_URL = url.toString();
}
