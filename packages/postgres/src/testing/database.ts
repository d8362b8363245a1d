import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { connect, type Database } from '../database.ts';
import { migrate, type MigrationSource } from '../migrations.ts';

export interface TestDatabase {
	url: string;
	db: Database;
	drop(): Promise<void>;
}

/**
 * A database of its own for one test file, cloned in some 50 ms from a template that is migrated once per test run.
 * The server is the one that Jest's global set-up has started (`TEST_DATABASE_URL`).
 */
export async function createTestDatabase(sources: MigrationSource[]): Promise<TestDatabase> {
	const serverUrl = process.env.TEST_DATABASE_URL;
	if (serverUrl === undefined) {
		throw new Error('TEST_DATABASE_URL is missing: run tests with `./autopilot test`.');
	}
	const template = await ensureTemplate(serverUrl, sources);
	const name = `test_${randomBytes(6).toString('hex')}`;
	await onServer(serverUrl, (client) =>
		client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`),
	);
	const url = databaseUrl(serverUrl, name);
	const db = connect(url, { name: 'test' });
	return {
		url,
		db,
		async drop() {
			await db.close();
			await onServer(serverUrl, (client) =>
				client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
			);
		},
	};
}

async function ensureTemplate(serverUrl: string, sources: MigrationSource[]): Promise<string> {
	const template = `template_${await fingerprint(sources)}`;
	await onServer(serverUrl, async (client) => {
		// Two test files may need the same template at once.
		await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
		const { rowCount } = await client.query(
			'SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate',
			[template],
		);
		if (rowCount === 1) return;
		await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
		await client.query(`CREATE DATABASE ${template}`);
		const db = connect(databaseUrl(serverUrl, template), { name: 'template' });
		await migrate(db, sources);
		await db.close();
		await client.query(`ALTER DATABASE ${template} IS_TEMPLATE true`);
	});
	return template;
}

async function fingerprint(sources: MigrationSource[]): Promise<string> {
	const hash = createHash('sha256');
	for (const { name, directory } of sources) {
		for (const file of (await readdir(directory)).sort()) {
			hash.update(`${name}/${file}\n`).update(await readFile(path.join(directory, file)));
		}
	}
	return hash.digest('hex').slice(0, 16);
}

async function onServer<Result>(url: string, work: (client: pg.Client) => Promise<Result>) {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}

function databaseUrl(serverUrl: string, name: string): string {
	const url = new URL(serverUrl);
	url.pathname = `/${name}`;
	return url.toString();
}
