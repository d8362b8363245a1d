import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { connect } from '@autopilot/postgres';
import { z } from 'zod';
import type { Report, StackContext } from '../component.ts';
import { outputOf, StackError } from '../errors.ts';
import { services } from '../services.ts';
import { n8nEnvironment } from './environment.ts';
import { readWorkflows, type WorkflowFile } from './workflows.ts';

/** What n8n's database holds of ours, as fingerprints. Kept as the comment of that database, so that it cannot outlive it. */
const importedSchema = z.object({
	credentials: z.string(),
	workflows: z.record(z.string(), z.string()),
});
type Imported = z.infer<typeof importedSchema>;

/**
 * Brings credentials and workflows into n8n by its command line, which alone keeps ids, and only those that
 * changed: an import takes 3 s and takes the workflow out of production. n8n must not be running.
 * @returns ids of the workflows that were imported now
 */
export async function importIntoN8n(
	context: StackContext,
	program: string,
	report: Report,
): Promise<string[]> {
	const workflows = context.workflows === undefined ? [] : readWorkflows(context.workflows);
	const credentials = credentialsFor(context);
	const wanted: Imported = {
		credentials: hashOf(JSON.stringify(credentials)),
		workflows: Object.fromEntries(workflows.map(({ id, hash }) => [id, hash])),
	};
	const known = await readImported(context);
	const changed = workflows.filter(({ id, hash }) => known?.workflows[id] !== hash);
	const newCredentials = known?.credentials !== wanted.credentials;
	if (!newCredentials && changed.length === 0) return [];

	const folder = await mkdtemp(path.join(tmpdir(), 'autopilot-n8n-'));
	try {
		const n8n = (args: string[]) => runN8n(context, program, args);
		if (newCredentials) {
			report(known === undefined ? 'prepares its database, credentials' : 'credentials');
			const file = path.join(folder, 'credentials.json');
			await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
			await n8n(['import:credentials', `--input=${file}`]);
		}
		if (changed.length > 0) {
			report(`imports ${changed.map(({ id }) => id).join(', ')}`);
			await importWorkflows(changed, folder, n8n);
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	await writeImported(context, wanted);
	return changed.map(({ id }) => id);
}

async function importWorkflows(
	workflows: WorkflowFile[],
	folder: string,
	n8n: (args: string[]) => Promise<string>,
): Promise<void> {
	await Promise.all(
		workflows.map(({ id, file }) => copyFile(file, path.join(folder, `workflow-${id}.json`))),
	);
	await rm(path.join(folder, 'credentials.json'), { force: true });
	const output = await n8n(['import:workflow', '--separate', `--input=${folder}`]);
	// n8n skips what it cannot read and still ends with 0: only the count tells.
	const count = Number(/imported (\d+) workflow/.exec(output)?.[1] ?? 0);
	if (count !== workflows.length) {
		throw new StackError(
			'provision-failed',
			`n8n imported ${count} of ${workflows.length} workflows:\n${output}`,
			{ advice: 'The output above names the file and its fault.' },
		);
	}
}

async function runN8n(context: StackContext, program: string, args: string[]): Promise<string> {
	try {
		const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
			env: n8nEnvironment(context),
			cwd: context.layout.n8n,
			maxBuffer: 20_000_000,
			timeout: 180_000,
			signal: context.signal,
		});
		return stdout;
	} catch (error) {
		const stderr = outputOf(error, 'stderr');
		throw new StackError(
			'provision-failed',
			`n8n ${args[0] ?? ''} failed.\n${stderr.slice(-2000)}`,
			{
				advice:
					'If it speaks of the encryption key, secrets.json and the database come from different stacks.',
				cause: error,
			},
		);
	}
}

/** One credential per service with its address and key, and one for mail to the operator. */
function credentialsFor({ wiring }: StackContext) {
	const smtp = new URL(wiring.smtpUrl);
	const secure = smtp.protocol === 'smtps:';
	return [
		...services.map(({ name, credential }) => ({
			...credential,
			data: { baseUrl: wiring.services[name].url, apiKey: wiring.services[name].apiKey },
		})),
		{
			id: 'apSmtp',
			name: 'Autopilot mail',
			type: 'smtp',
			data: {
				user: decodeURIComponent(smtp.username),
				password: decodeURIComponent(smtp.password),
				host: smtp.hostname,
				port: smtp.port === '' ? (secure ? 465 : 587) : Number(smtp.port),
				secure,
				disableStartTls: smtp.hostname === '127.0.0.1',
				hostName: '',
			},
		},
	];
}

async function readImported(context: StackContext): Promise<Imported | undefined> {
	return await onDatabase(context, async (db) => {
		const { rows } = await db.query<{ comment: string | null }>(
			`SELECT shobj_description(oid, 'pg_database') AS comment
			   FROM pg_database WHERE datname = current_database()`,
		);
		const comment = rows[0]?.comment ?? null;
		return comment === null ? undefined : importedSchema.parse(JSON.parse(comment));
	});
}

async function writeImported(context: StackContext, imported: Imported): Promise<void> {
	await onDatabase(context, (db) =>
		// A comment takes no parameters; the text is JSON of hex digests and checked ids.
		db.query(`COMMENT ON DATABASE n8n IS '${JSON.stringify(imported).replaceAll("'", "''")}'`),
	);
}

async function onDatabase<Result>(
	context: StackContext,
	work: (db: ReturnType<typeof connect>) => Promise<Result>,
): Promise<Result> {
	const db = connect(context.wiring.databaseUrl('n8n'), { name: 'autopilot-stack', max: 1 });
	try {
		return await work(db);
	} finally {
		await db.close();
	}
}

function hashOf(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
