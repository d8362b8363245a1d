import { execFile } from 'node:child_process';
import { chownSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { connect } from '@autopilot/postgres';
import { environmentFor, type Component, type StackContext } from '../component.ts';
import { messageOf, StackError } from '../errors.ts';
import { databases } from '../services.ts';
import type { ProcessPlan } from '../supervised.ts';
import { findHome, type Home } from './postgres-home.ts';

const run = promisify(execFile);

/** PostgreSQL 18 from npm binaries, with one database for each service and one for n8n. */
export function postgres(context: StackContext): Component {
	const { layout, secrets } = context;
	const port = layout.ports.postgres;
	let home: Home | undefined;
	return {
		name: 'postgres',
		label: 'PostgreSQL',
		after: [],
		ports: [{ port, purpose: 'PostgreSQL database' }],
		async prepare(report) {
			home = await findHome(layout.dataDir, report);
			if (!existsSync(path.join(home.data, 'PG_VERSION'))) {
				report('creates the cluster');
				await initialise(home, secrets.postgresPassword, layout.dataDir);
			}
		},
		plan() {
			if (home === undefined) throw new Error('prepare() comes before plan().');
			return planFor(context, home);
		},
		finish: () => createDatabases(context),
		detail: () => `18 on 127.0.0.1:${port}`,
	};
}

/** The databases on a server that the operator brought (DATABASE_URL). */
export function foreignDatabases(context: StackContext): Component {
	return {
		name: 'databases',
		label: 'Databases',
		after: [],
		ports: [],
		prepare: () => createDatabases(context),
		detail: () => `${databases.join(', ')} on ${new URL(context.wiring.databaseUrl('n8n')).host}`,
	};
}

function planFor(context: StackContext, home: Home): ProcessPlan {
	const settings = {
		listen_addresses: '127.0.0.1',
		// 4 services with API and worker and n8n, or all test files of a run at once; an unused one costs nothing.
		max_connections: '300',
		unix_socket_directories: '',
		// Plans of some milliseconds gain nothing from a compiler that takes a hundred.
		jit: 'off',
		shared_buffers: '128MB',
		// A new database grows fast, and a prepared plan is kept until its tables are analyzed again: for a minute it
		// would read tables from end to end that were empty when it was made.
		autovacuum_naptime: '5s',
		// An index is read from memory or from a solid disk.
		random_page_cost: '1.1',
		logging_collector: 'off',
		timezone: 'UTC',
		log_timezone: 'UTC',
	};
	return {
		name: 'postgres',
		file: path.join(home.bin, 'postgres'),
		args: [
			...['-D', home.data, '-p', String(context.layout.ports.postgres)],
			...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
		],
		env: environmentFor(context, 'postgres', { LC_ALL: 'C' }),
		cwd: home.data,
		...(home.user === undefined ? {} : { user: home.user }),
		isReady: () => acceptsQueries(context),
		// After a crash it replays its log first.
		readyWithinMs: 60_000,
		// SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, nobody is waited for.
		stopSignal: 'SIGINT',
		stopWithinMs: 15_000,
	};
}

async function acceptsQueries(context: StackContext): Promise<boolean> {
	const db = connect(context.wiring.databaseUrl('postgres'), { name: 'autopilot-stack', max: 1 });
	try {
		await db.query('SELECT 1');
		return true;
	} finally {
		await db.close();
	}
}

async function createDatabases(context: StackContext): Promise<void> {
	const db = connect(context.wiring.databaseUrl('postgres'), { name: 'autopilot-stack', max: 1 });
	try {
		const { rows } = await db.query<{ datname: string }>('SELECT datname FROM pg_database');
		const known = new Set(rows.map((row) => row.datname));
		for (const name of databases) {
			if (!known.has(name)) await db.query(`CREATE DATABASE ${name}`);
		}
	} catch (error) {
		const detail = messageOf(error);
		throw new StackError('start-failed', `The databases could not be made: ${detail}`, {
			advice: `The user of DATABASE_URL must be allowed to CREATE DATABASE, or create these first: ${databases.join(', ')}.`,
			cause: error,
		});
	} finally {
		await db.close();
	}
}

async function initialise(home: Home, password: string, dataDir: string): Promise<void> {
	const passwordFile = path.join(home.data, '..', `.postgres-password-${process.pid}`);
	writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
	if (home.user !== undefined) chownSync(passwordFile, home.user.uid, home.user.gid);
	try {
		await run(
			path.join(home.bin, 'initdb'),
			[
				...['--pgdata', home.data, '--username', 'autopilot', '--pwfile', passwordFile],
				...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
			],
			{ cwd: path.dirname(home.data), env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' }, ...home.user },
		);
	} catch (error) {
		rmSync(home.data, { recursive: true, force: true });
		const detail = messageOf(error);
		throw new StackError('start-failed', `The database cluster could not be made: ${detail}`, {
			advice: `Is there room on the disk of ${dataDir}, and may this user write there?`,
			cause: error,
		});
	} finally {
		rmSync(passwordFile, { force: true });
	}
}
