import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Database, Queryable } from './database.ts';

/** A folder of `0001_name.sql` files. Packages bring their own beside those of the service. */
export interface MigrationSource {
	/** Part of a migration's identity, so that two sources may both have a 0001. */
	name: string;
	directory: string;
}

interface Migration {
	id: string;
	checksum: string;
	sql: string;
}

const LOCK = 7_204_611;
const LEDGER = `CREATE TABLE IF NOT EXISTS migrations (
	id text PRIMARY KEY,
	checksum text NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now()
)`;

/**
 * Applies what is missing, in order of sources and file names, each file in its own transaction.
 * An advisory lock lets several processes call this at once: one migrates, the others wait.
 * Forward only: a file that was changed after it had been applied is refused.
 * @returns ids of the migrations applied now
 */
export async function migrate(db: Database, sources: MigrationSource[]): Promise<string[]> {
	const migrations = await load(sources);
	return db.transaction(async (lock) => {
		await lock.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
		await db.query(LEDGER);
		const applied = await appliedChecksums(db);
		const done: string[] = [];
		for (const migration of migrations) {
			const before = applied.get(migration.id);
			if (before === migration.checksum) continue;
			if (before !== undefined) {
				throw new Error(
					`Migration ${migration.id} was changed after it had been applied. Restore the file and put the change into a new migration.`,
				);
			}
			await db.transaction(async (tx) => {
				await tx.query(migration.sql);
				await tx.query('INSERT INTO migrations (id, checksum) VALUES ($1, $2)', [
					migration.id,
					migration.checksum,
				]);
			});
			done.push(migration.id);
		}
		return done;
	});
}

/** Ids of the migrations that this code has and the database has not: what `/readyz` reports. */
export async function pendingMigrations(
	db: Queryable,
	sources: MigrationSource[],
): Promise<string[]> {
	const { rows } = await db.query<{ ledger: string | null }>(
		`SELECT to_regclass('migrations')::text AS ledger`,
	);
	const applied = rows[0]?.ledger == null ? new Map<string, string>() : await appliedChecksums(db);
	const migrations = await load(sources);
	return migrations.filter(({ id }) => !applied.has(id)).map(({ id }) => id);
}

/** Resolves once another process has applied all migrations. Workers start with this; servers migrate. */
export async function waitForMigrations(
	db: Queryable,
	sources: MigrationSource[],
	signal?: AbortSignal,
): Promise<void> {
	while ((await pendingMigrations(db, sources)).length > 0) {
		signal?.throwIfAborted();
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

/** The conventional source of a package: the folder `migrations` beside its `src`. */
export function migrationsIn(name: string, moduleUrl: string): MigrationSource {
	return { name, directory: path.join(new URL('..', moduleUrl).pathname, 'migrations') };
}

async function load(sources: MigrationSource[]): Promise<Migration[]> {
	const lists = await Promise.all(sources.map(loadSource));
	return lists.flat();
}

async function loadSource({ name, directory }: MigrationSource): Promise<Migration[]> {
	const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
	return Promise.all(
		files.map(async (file) => {
			const sql = await readFile(path.join(directory, file), 'utf8');
			const checksum = createHash('sha256').update(sql).digest('hex');
			return { id: `${name}/${file}`, checksum, sql };
		}),
	);
}

async function appliedChecksums(db: Queryable): Promise<Map<string, string>> {
	const { rows } = await db.query<{ id: string; checksum: string }>(
		'SELECT id, checksum FROM migrations',
	);
	return new Map(rows.map(({ id, checksum }) => [id, checksum]));
}
