import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { readPackage } from '@autopilot/workflow-kit';
import { CommandError } from '../exit.ts';

/** A file with workflows, from the disk, from a Git revision or from standard input. */
export interface Document {
	/** As the operator would write it: `workflows/a.json`, `main:workflows/a.json`, `-`. */
	path: string;
	/** Of the file on the disk; undefined for others. */
	file: string | undefined;
	bytes: Uint8Array;
}

const MAX_BYTES = 256 * 1024 * 1024;
const NOT_WORKFLOWS = /(^|\/)(node_modules|dist|coverage|\.[^/]+)(\/|$)|\.test\.json$/;

/**
 * The documents behind the arguments of a command: files, folders (all that hold workflows, in
 * order of their names), `.n8np` packages, `REV:path` for files and folders in a Git revision, and `-`
 * for standard input.
 * @throws CommandError (exit code 2) for what is not there
 */
export async function readDocuments(
	inputs: readonly string[],
	{ cwd = process.cwd() }: { cwd?: string } = {},
): Promise<Document[]> {
	const documents: Document[] = [];
	for (const input of inputs) documents.push(...(await readInput(input, cwd)));
	return documents;
}

/** One document, for commands that compare or write single files. */
export async function readDocument(
	input: string,
	options: { cwd?: string } = {},
): Promise<Document> {
	const documents = await readDocuments([input], options);
	const [document] = documents;
	if (document !== undefined && documents.length === 1) return document;
	throw wrongInput(`${input} has ${documents.length} files with workflows.`, 'Give one file.');
}

async function readInput(input: string, cwd: string): Promise<Document[]> {
	if (input === '-') {
		const bytes = new TextEncoder().encode(await readText(process.stdin));
		return [{ path: '-', file: undefined, bytes }];
	}
	const file = path.resolve(cwd, input);
	const facts = await stat(file).catch(() => undefined);
	if (facts?.isFile() === true) {
		if (facts.size > MAX_BYTES)
			throw wrongInput(`${input} is too large.`, 'Give a single workflow.');
		const bytes = await readFile(file);
		return input.endsWith('.n8np') ? unpack(input, bytes) : [{ path: input, file, bytes }];
	}
	if (facts?.isDirectory() === true) return readFolder(input, file);
	const [revision, ...rest] = input.split(':');
	if (revision !== undefined && revision !== '' && rest.length > 0)
		return readRevision(revision, rest.join(':'), cwd);
	throw wrongInput(
		`${input} is neither a file nor a folder.`,
		'Or a Git revision, as in HEAD~1:workflows',
	);
}

/** The workflows of a package; they are read, never written back. */
function unpack(input: string, bytes: Uint8Array): Document[] {
	const { workflows, files, findings } = readPackage(bytes);
	const broken = findings.find(({ code }) => code === 'package-unreadable');
	if (broken !== undefined) throw wrongInput(`${input}: ${broken.message}`, broken.advice);
	return workflows.flatMap(({ path: name }) => {
		const content = files.get(name);
		return content === undefined
			? []
			: [{ path: `${input}:${name}`, file: undefined, bytes: content }];
	});
}

async function readFolder(input: string, folder: string): Promise<Document[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const names = entries
		.filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
		.filter((name) => !NOT_WORKFLOWS.test(slashes(name)));
	names.sort(byCode);
	const documents: Document[] = [];
	for (const name of names) {
		const file = path.join(folder, name);
		const bytes = await readFile(file);
		if (holdsNodes(bytes)) documents.push({ path: path.join(input, name), file, bytes });
	}
	return documents;
}

async function readRevision(revision: string, name: string, cwd: string): Promise<Document[]> {
	const commit = await git(
		['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
		cwd,
	)
		.then((out) => out.toString().trim())
		.catch((cause: unknown) => {
			throw wrongInput(`${revision} is no Git revision here.`, 'git log shows them.', cause);
		});
	const listing = await git(
		['ls-tree', '-r', '-z', '--name-only', commit, '--', name === '' ? '.' : name],
		cwd,
	);
	const found = listing
		.toString()
		.split('\0')
		.filter((entry) => entry !== '');
	if (found.length === 0)
		throw wrongInput(`${revision} has no ${name}.`, `git ls-tree -r --name-only ${revision}`);
	const isFile = found.length === 1 && path.normalize(found[0] ?? '') === path.normalize(name);
	const wanted = isFile
		? found
		: found.filter((entry) => entry.endsWith('.json') && !NOT_WORKFLOWS.test(entry)).sort(byCode);
	const documents: Document[] = [];
	for (const entry of wanted) {
		const bytes = await git(['cat-file', 'blob', `${commit}:./${entry}`], cwd);
		if (isFile || holdsNodes(bytes))
			documents.push({ path: `${revision}:${entry}`, file: undefined, bytes });
	}
	return documents;
}

async function git(parameters: string[], cwd: string): Promise<Buffer> {
	const run = promisify(execFile);
	const { stdout } = await run('git', parameters, {
		cwd,
		encoding: 'buffer',
		maxBuffer: MAX_BYTES,
	});
	return stdout;
}

/** package.json and fixtures lie in the same folders; a workflow has nodes, also a broken one. */
function holdsNodes(bytes: Uint8Array): boolean {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('"nodes"');
}

function slashes(name: string): string {
	return name.split(path.sep).join('/');
}

function byCode(left: string, right: string): number {
	return left < right ? -1 : left > right ? 1 : 0;
}

function wrongInput(message: string, advice: string, cause?: unknown): CommandError {
	return new CommandError(message, { advice, exitCode: 2, cause });
}
