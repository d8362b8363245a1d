import { constants, gzipSync } from 'node:zlib';
import type { Json, JsonObject } from '../model/json.ts';
import type { Workflow } from '../model/model.ts';
import { requirementsOf } from '../requirements/requirements.ts';
import {
	LAYOUT,
	listsBy,
	noContents,
	type Collection,
	type Owned,
	type PackageContents,
} from './contents.ts';
import { serializeWorkflow, stableId, type Serialized } from './serialize.ts';
import { writeTar, type TarEntry } from './tar.ts';

export interface PackageOptions {
	/** Version of the n8n that the workflows were made with. */
	n8nVersion: string;
	/** Who made the package: an instance, a shop. */
	sourceId: string;
	/** ISO 8601; the default is 1970, so that the same workflows make the same bytes. */
	exportedAt?: string;
	/** Data tables, variables, folders and projects; credentials and tags that the workflows use come by themselves. */
	contents?: Partial<PackageContents>;
}

/** Slugs are for people; the id beside them keeps paths apart. */
const SLUG_LENGTH = 60;
/** Of a folder; what lies deeper is put at the top. n8n takes paths of 1,024 characters. */
const LONGEST_TARGET = 700;

/**
 * A `.n8np` package (format 1) as n8n's own import takes it: manifest first, a folder per workflow,
 * stubs of the credentials without data, and what all of it requires.
 */
export function writePackage(workflows: readonly Workflow[], options: PackageOptions): Uint8Array {
	const contents: PackageContents = { ...noContents(), ...options.contents };
	const folders = new Map(contents.folders.map((folder) => [folder.id, folder]));
	const serialized = withIds(workflows, contents);
	const entries: TarEntry[] = [];
	const manifest = listsBy<JsonObject>();
	/** Writes one thing below another; answers with its path. */
	const put = (
		collection: Collection,
		{ id, name }: { id: string; name: string },
		{ base = '', files }: { base?: string | undefined; files: Json[] },
	): string => {
		const [directory, fileName] = LAYOUT[collection];
		const target = `${base === '' ? '' : `${base}/`}${directory}/${slug(name)}-${safe(id)}`;
		manifest[collection].push({ id, name, target });
		entries.push({ path: target, content: undefined });
		for (const [index, file] of files.entries())
			entries.push({
				path: `${target}/${index === 0 ? fileName : 'workflow-metadata.json'}`,
				content: json(file),
			});
		return target;
	};

	const projects = new Map(
		unique(contents.projects).map((project) => [
			project.id,
			put('projects', project, { files: [{ ...project }] }),
		]),
	);
	const projectOf = (projectId: string | undefined) =>
		projectId === undefined ? undefined : projects.get(projectId);

	const targets = new Map<string, string>();
	const targetOf = (id: string | null): string | undefined => {
		const folder = id === null ? undefined : folders.get(id);
		if (folder === undefined) return undefined;
		const known = targets.get(folder.id);
		if (known !== undefined) return known;
		// Taken out while it is looked up: folders that lie in each other end there.
		folders.delete(folder.id);
		const { projectId, ...own } = folder;
		let parent = targetOf(folder.parentFolderId);
		if (parent !== undefined && parent.length > LONGEST_TARGET) parent = undefined;
		const parentFolderId = parent === undefined ? null : folder.parentFolderId;
		const base = parent ?? projectOf(projectId);
		const target = put('folders', own, { base, files: [{ ...own, parentFolderId }] });
		targets.set(folder.id, target);
		folders.set(folder.id, folder);
		return target;
	};
	for (const { id } of contents.folders) targetOf(id);

	for (const { id, name, content, place } of serialized) {
		const folder = targetOf(place?.folderId ?? null);
		const parentFolderId = folder === undefined ? null : (place?.folderId ?? null);
		const file = { ...content, parentFolderId };
		const { versionId = stableId('version', JSON.stringify(file)), publishedVersionId = null } =
			place ?? {};
		put(
			'workflows',
			{ id, name },
			{
				base: folder ?? projectOf(place?.projectId),
				files: [file, { versionId, publishedVersionId }],
			},
		);
	}
	const given = new Set(contents.credentials.map(({ id }) => id));
	const stubs = serialized.flatMap((one) => one.credentials).filter(({ id }) => !given.has(id));
	const owned: [Collection, Owned[]][] = [
		['credentials', unique([...contents.credentials, ...stubs])],
		['dataTables', unique(contents.dataTables)],
		['variables', unique(contents.variables)],
		['tags', unique([...contents.tags, ...serialized.flatMap((one) => one.tags)])],
	];
	for (const [collection, items] of owned) {
		for (const { projectId, ...own } of items) {
			// The file of a variable has no id, only the manifest.
			const { id: _id, ...anonymous } = own;
			const file = collection === 'variables' ? anonymous : own;
			put(collection, own, { base: projectOf(projectId), files: [file] });
		}
	}

	const document = {
		packageFormatVersion: '1',
		exportedAt: options.exportedAt ?? new Date(0).toISOString(),
		sourceN8nVersion: options.n8nVersion,
		sourceId: options.sourceId,
		...Object.fromEntries(
			Object.entries(manifest).filter(
				([collection, list]) => collection === 'workflows' || list.length > 0,
			),
		),
		requirements: requirements(workflows, serialized, contents),
	};
	return gzip(writeTar([{ path: 'manifest.json', content: json(document) }, ...entries]));
}

/** Each id once, also where files lack them or share one. */
function withIds(workflows: readonly Workflow[], contents: PackageContents): Serialized[] {
	const taken = new Set<string>();
	return workflows.map((workflow, index) => {
		let id = workflow.id ?? stableId('workflow', workflow.name, String(index));
		if (taken.has(id)) id = stableId('workflow', id, String(index));
		taken.add(id);
		return serializeWorkflow(workflow, id, contents);
	});
}

/** By workflow: the format names those that use a thing. */
function requirements(
	workflows: readonly Workflow[],
	serialized: Serialized[],
	{ dataTables }: PackageContents,
): JsonObject {
	const lists: Record<string, Map<string, JsonObject>> = {};
	const add = (list: string, key: string, value: JsonObject, usedBy: string) => {
		const entries = (lists[list] ??= new Map());
		const users = entries.get(key)?.['usedByWorkflows'];
		entries.set(key, {
			...value,
			usedByWorkflows: [...new Set([...(Array.isArray(users) ? users : []), usedBy])],
		});
	};
	const included = new Set(serialized.map(({ id }) => id));
	workflows.forEach((workflow, index) => {
		const own = serialized[index];
		if (own === undefined) return;
		const needs = requirementsOf([workflow]);
		for (const credential of own.credentials)
			add('credentials', credential.id, { ...credential }, own.id);
		for (const tag of own.tags) add('tags', tag.id, { ...tag }, own.id);
		for (const { type, versions } of needs.nodeTypes)
			for (const typeVersion of versions)
				add('nodeTypes', `${type}@${typeVersion}`, { type, typeVersion }, own.id);
		for (const { workflow: id } of needs.workflows)
			if (!included.has(id)) add('workflows', id, { id }, own.id);
		for (const { name } of needs.variables) add('variables', name, { name }, own.id);
		// n8n refuses a package that requires a table whose columns it does not hold.
		for (const { id, name } of dataTables)
			if (needs.dataTables.some(({ table }) => table === id || table === name))
				add('dataTables', id, { id, name }, own.id);
	});
	return Object.fromEntries(
		Object.keys(lists)
			.sort()
			.map((list) => [list, [...(lists[list]?.values() ?? [])]]),
	);
}

function unique<Item extends { id: string }>(items: Item[]): Item[] {
	return [...new Map(items.map((item) => [item.id, item])).values()];
}

function slug(name: string): string {
	const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
	return words.slice(0, SLUG_LENGTH).replace(/^-|-$/g, '') || 'entry';
}

function safe(id: string): string {
	return /^[\w-]{1,64}$/.test(id) ? id : stableId(id);
}

function json(value: Json): Uint8Array {
	return new TextEncoder().encode(JSON.stringify(value, null, '\t'));
}

/** Without a time, and with "unknown" for the system, which zlib would write. */
function gzip(archive: Uint8Array): Uint8Array {
	const bytes = gzipSync(archive, { level: constants.Z_BEST_COMPRESSION });
	bytes[9] = 255;
	return bytes;
}
