import { execFile, fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { randomBytes } from 'node:crypto';
import { connect } from '@autopilot/postgres';
import { n8nModules } from '../../../../test/harness/n8n-core.ts';

export interface OracleQuestion {
	key: string;
	/** A folder that holds nothing but the file. */
	folder: string;
	file: string;
	/** Also ask for the check before publishing; it loads the nodes' code, which takes its time. */
	activates: boolean;
}

/** What n8n said; a key that is missing means that it was fine. */
export interface OracleAnswer {
	key: string;
	/** Why `import:workflow` refused. */
	imported?: string;
	/** Why `publish:workflow` refused. */
	published?: string;
	/** Why the check refused that the editor and the public API make before they publish. */
	activated?: string;
	/** The oracle itself failed. */
	broken?: string;
}

export interface Oracle {
	ask(key: string, text: string, more?: { activates: boolean }): Promise<OracleAnswer>;
	/** The same question to n8n's own command line, each command a process: seconds instead of milliseconds. */
	askCommandLine(key: string, text: string): Promise<OracleAnswer>;
	stop(): Promise<void>;
}

/** The environment of an n8n that calls nobody and keeps its data in this folder and database. */
export function n8nEnvironment(folder: string, databaseUrl: string): Record<string, string> {
	const database = new URL(databaseUrl);
	return {
		PATH: process.env.PATH ?? '',
		HOME: process.env.HOME ?? '',
		N8N_MODULES: n8nModules(),
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: 'only-for-this-test',
		N8N_LOG_LEVEL: 'error',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
		N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_REINSTALL_MISSING_PACKAGES: 'false',
		N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,chat-hub,quick-connect,workflow-builder',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.hostname,
		DB_POSTGRESDB_PORT: database.port,
		DB_POSTGRESDB_USER: decodeURIComponent(database.username),
		DB_POSTGRESDB_PASSWORD: decodeURIComponent(database.password),
		DB_POSTGRESDB_DATABASE: database.pathname.slice(1),
	};
}

/** An empty database on the tests' PostgreSQL server: n8n brings its own migrations. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
	const server = process.env.TEST_DATABASE_URL;
	if (server === undefined)
		throw new Error('TEST_DATABASE_URL is missing: run with `./autopilot test`.');
	const name = `n8n_${randomBytes(6).toString('hex')}`;
	const run = async (sql: string) => {
		const db = connect(server, { name: 'test', max: 1 });
		await db.query(sql);
		await db.close();
	};
	await run(`CREATE DATABASE ${name}`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	return { url: url.toString(), drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Starts the oracle on an empty database; n8n's migrations take some seconds. */
export async function startOracle(databaseUrl: string): Promise<Oracle> {
	const folder = await mkdtemp(path.join(tmpdir(), 'autopilot-truth-'));
	await linkOwnNodes(folder);
	const child = fork(path.join(import.meta.dirname, 'oracle.ts'), [], {
		cwd: folder,
		env: n8nEnvironment(folder, databaseUrl),
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		execArgv: [],
	});
	let log = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (chunk: Buffer) => {
			log = (log + chunk.toString()).slice(-4000);
		});
	}
	await answerOf(child, 'ready', () => log);
	const input = path.join(folder, 'input');
	await mkdir(input);
	const file = path.join(input, 'workflow.json');
	return {
		async ask(key, text, { activates } = { activates: false }) {
			await writeFile(file, text);
			const answer = answerOf(child, key, () => log);
			child.send({ key, folder: input, file, activates } satisfies OracleQuestion);
			const known = await answer;
			if (known.broken !== undefined)
				throw new Error(`The oracle failed at ${key}: ${known.broken}`);
			return known;
		},
		async askCommandLine(key, text) {
			await writeFile(file, text);
			const n8n = (parameters: string[]) =>
				runN8n(parameters, { cwd: folder, env: n8nEnvironment(folder, databaseUrl) });
			const imported = await n8n(['import:workflow', '--separate', `--input=${input}`]);
			if (!/Successfully imported 1 workflow/.test(imported)) return { key, imported };
			const { id }: { id: string } = JSON.parse(text);
			const published = await n8n(['publish:workflow', `--id=${id}`]);
			return { key, ...(/GOT ERROR/.test(published) && { published }) };
		},
		async stop() {
			const ended = new Promise((resolve) => child.once('exit', resolve));
			child.disconnect();
			await ended;
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** What one command wrote; n8n ends with 0 also after some of its errors. */
async function runN8n(
	parameters: string[],
	{ cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<string> {
	const program = path.join(n8nModules(), 'n8n', 'bin', 'n8n');
	const options = { cwd, env: { ...env, N8N_LOG_LEVEL: 'info' }, maxBuffer: 20_000_000 };
	const run = promisify(execFile);
	return await run(process.execPath, [program, ...parameters], options).then(
		({ stdout, stderr }) => stdout + stderr,
		(error: unknown) => {
			const { stdout, stderr } = error as { stdout: string; stderr: string };
			return stdout + stderr;
		},
	);
}

/** Our nodes, as n8n finds community packages. */
async function linkOwnNodes(folder: string): Promise<void> {
	const modules = path.join(folder, '.n8n', 'nodes', 'node_modules');
	await mkdir(modules, { recursive: true });
	const root = path.resolve(import.meta.dirname, '..', '..', '..', '..');
	await symlink(root, path.join(modules, 'n8n-nodes-autopilot'));
}

function answerOf(child: ChildProcess, key: string, log: () => string): Promise<OracleAnswer> {
	return new Promise((resolve, reject) => {
		const done = () => {
			child.off('message', onMessage);
			child.off('exit', onExit);
		};
		const onMessage = (answer: OracleAnswer) => {
			if (answer.key !== key) return;
			done();
			resolve(answer);
		};
		const onExit = (code: number | null) => {
			done();
			reject(new Error(`n8n ended with ${code} at ${key}:\n${log()}`));
		};
		child.on('message', onMessage);
		child.on('exit', onExit);
	});
}
