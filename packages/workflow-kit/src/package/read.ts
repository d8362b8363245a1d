import { gunzipSync } from 'node:zlib';
import type { Finding } from '../findings/finding.ts';
import { isObject, own, ownString, type JsonObject } from '../model/json.ts';
import type { Workflow } from '../model/model.ts';
import { parse } from '../model/parse.ts';
import {
	LAYOUT,
	listsBy,
	noContents,
	READERS,
	type Collection,
	type PackageContents,
} from './contents.ts';
import { ARCHIVE_LIMITS, ArchiveError, readTar, type ArchiveLimits } from './tar.ts';

export interface ReadPackage {
	/** Undefined when it is no package. */
	manifest: JsonObject | undefined;
	/** In the order of the manifest, each with its path in the archive. */
	workflows: { path: string; workflow: Workflow }[];
	/** All else that the manifest names; with it writePackage() makes the same package again. */
	contents: PackageContents;
	/** All files, by path. */
	files: Map<string, Uint8Array>;
	/** `pointer` points into the file that the message names. */
	findings: Finding[];
}

/** Reads a `.n8np` package. Never throws; a hostile archive ends in a finding before it costs anything. */
export function readPackage(bytes: Uint8Array, options: Partial<ArchiveLimits> = {}): ReadPackage {
	const limits = { ...ARCHIVE_LIMITS, ...options };
	const result: ReadPackage = {
		manifest: undefined,
		workflows: [],
		contents: noContents(),
		files: new Map(),
		findings: [],
	};
	try {
		result.files = readTar(unzip(bytes, limits), limits);
		const [first] = result.files.keys();
		if (first !== 'manifest.json') throw new ArchiveError('The first file is not manifest.json.');
		result.manifest = readManifest(result.files.get('manifest.json'));
	} catch (error) {
		if (!(error instanceof ArchiveError)) throw error;
		result.findings.push(problem('package-unreadable', error.message));
		result.files = new Map();
		return result;
	}
	const listed = listEntries(result.manifest, limits);
	const projects = new Map(listed.projects.map(({ id, target }) => [`${target}/`, id]));
	const folders = new Map(listed.folders.map(({ id, target }) => [target, id]));
	for (const entry of listed.workflows) readWorkflow(entry, { result, projects, folders });
	for (const collection of COLLECTIONS)
		for (const entry of listed[collection])
			readEntry(collection, entry, { result, projects, folders });
	return result;
}

// prettier-ignore
const COLLECTIONS = ['projects', 'folders', 'credentials', 'dataTables', 'variables', 'tags'] as const;

interface Entry {
	id: string;
	name: string;
	target: string;
}
interface Reading {
	result: ReadPackage;
	/** Ids by the beginning of the paths in them. */
	projects: ReadonlyMap<string, string>;
	/** Ids by path. */
	folders: ReadonlyMap<string, string>;
}

function readWorkflow({ id, target }: Entry, { result, projects, folders }: Reading): void {
	const path = `${target}/workflow.json`;
	const file = fileAt(path, result);
	if (file === undefined) return;
	const { workflows, findings } = parse(file);
	for (const finding of findings)
		result.findings.push({ ...finding, message: `${path}: ${finding.message}` });
	for (const workflow of workflows) result.workflows.push({ path, workflow });
	const metadata = objectAt(`${target}/workflow-metadata.json`, result);
	if (metadata === undefined) return;
	const projectId = projectOf(target, projects);
	result.contents.workflows.push({
		id,
		...(projectId !== undefined && { projectId }),
		folderId: folders.get(target.slice(0, target.lastIndexOf('/workflows/'))) ?? null,
		versionId: ownString(metadata, 'versionId') ?? '',
		publishedVersionId: ownString(metadata, 'publishedVersionId') ?? null,
	});
}

function readEntry(
	collection: (typeof COLLECTIONS)[number],
	entry: Entry,
	{ result, projects }: Reading,
): void {
	const path = `${entry.target}/${LAYOUT[collection][1]}`;
	const file = objectAt(path, result);
	if (file === undefined) return;
	const read = READERS[collection](file, entry);
	if (read === undefined || read.id !== entry.id) {
		const message = `${path} is not what n8n takes for one of ${collection}.`;
		result.findings.push(problem('package-entry-wrong', message));
		return;
	}
	const projectId = collection === 'projects' ? undefined : projectOf(entry.target, projects);
	const list: object[] = result.contents[collection];
	list.push({ ...read, ...(projectId !== undefined && { projectId }) });
}

function projectOf(target: string, projects: Reading['projects']): string | undefined {
	if (!target.startsWith('projects/')) return undefined;
	return projects.get(target.slice(0, target.indexOf('/', 'projects/'.length) + 1));
}

function objectAt(path: string, result: ReadPackage): JsonObject | undefined {
	const file = fileAt(path, result);
	if (file === undefined) return undefined;
	const { document } = parse(file);
	if (document !== undefined && isObject(document)) return document;
	result.findings.push(problem('package-entry-wrong', `${path} is no JSON object.`));
	return undefined;
}

function fileAt(path: string, { files, findings }: ReadPackage): Uint8Array | undefined {
	const file = files.get(path);
	if (file === undefined)
		findings.push(
			problem('package-file-missing', `The manifest names ${path}, which is not there.`),
		);
	return file;
}

function unzip(bytes: Uint8Array, { maxBytes }: ArchiveLimits): Uint8Array {
	try {
		return gunzipSync(bytes, { maxOutputLength: maxBytes });
	} catch (cause) {
		const tooLarge = isObject(cause) && cause['code'] === 'ERR_BUFFER_TOO_LARGE';
		throw new ArchiveError(
			tooLarge ? `More than ${maxBytes} bytes unpacked.` : 'It is no gzip archive.',
			{
				cause,
			},
		);
	}
}

function readManifest(bytes: Uint8Array | undefined): JsonObject {
	const { document } = parse(bytes ?? '');
	if (document === undefined || !isObject(document))
		throw new ArchiveError('manifest.json is no JSON object.');
	const version = own(document, 'packageFormatVersion');
	if (version !== '1')
		throw new ArchiveError(`The format ${JSON.stringify(version)} is not known; 1 is.`);
	return document;
}

/** Each path once, and not more of them than an archive may have entries. */
function listEntries(
	manifest: JsonObject,
	{ maxEntries }: ArchiveLimits,
): Record<Collection, Entry[]> {
	const lists = listsBy<Entry>();
	for (const [collection, list] of Object.entries(lists)) {
		const given = own(manifest, collection);
		const seen = new Set<string>();
		for (const entry of Array.isArray(given) ? given : []) {
			const target = isObject(entry) ? ownString(entry, 'target') : undefined;
			if (!isObject(entry) || target === undefined || seen.has(target)) continue;
			if (seen.size === maxEntries) break;
			seen.add(target);
			const id = ownString(entry, 'id') ?? '';
			list.push({ id, name: ownString(entry, 'name') ?? '', target });
		}
	}
	return lists;
}

function problem(
	code: 'package-unreadable' | 'package-file-missing' | 'package-entry-wrong',
	message: string,
): Finding {
	const advice = 'Export the package again.';
	return { code, severity: 'error', message, advice, pointer: '' };
}
