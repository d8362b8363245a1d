import { constants, gzipSync } from 'node:zlib';
import type { Json, JsonObject } from '../model/json.ts';
import type { Workflow } from '../model/model.ts';
import { requirementsOf } from '../requirements/requirements.ts';
import { serializeWorkflow, stableId, type Serialized } from './serialize.ts';
import { writeTar, type TarEntry } from './tar.ts';

export interface PackageOptions {
	/** Version of the n8n that the workflows were made with. */
	n8nVersion: string;
	/** Who made the package: an instance, a shop. */
	sourceId: string;
	/** ISO 8601; the default is 1970, so that the same workflows make the same bytes. */
	exportedAt?: string;
}

/** Slugs are for people; the id beside them keeps paths apart. */
const SLUG_LENGTH = 60;

/**
 * A `.n8np` package (format 1) as n8n's own import takes it: manifest first, a folder per workflow,
 * stubs of the credentials without data, and what all of it requires.
 */
export function writePackage(workflows: readonly Workflow[], options: PackageOptions): Uint8Array {
	const serialized = withIds(workflows);
	const entries: TarEntry[] = [];
	const folder = (path: string, files: Record<string, Json>) => {
		entries.push({ path, content: undefined });
		for (const [name, value] of Object.entries(files))
			entries.push({ path: `${path}/${name}`, content: json(value) });
	};
	const listed = (collection: string, items: { id: string; name: string }[]) =>
		items.map(({ id, name }) => ({ id, name, target: `${collection}/${slug(name)}-${safe(id)}` }));

	const workflowList = listed('workflows', serialized);
	workflowList.forEach(({ target }, index) => {
		const content = serialized[index]?.content ?? {};
		folder(target, {
			'workflow.json': content,
			'workflow-metadata.json': {
				versionId: stableId('version', JSON.stringify(content)),
				publishedVersionId: null,
			},
		});
	});
	const credentials = unique(serialized.flatMap((one) => one.credentials));
	const credentialList = listed('credentials', credentials);
	credentialList.forEach(({ target }, index) => {
		folder(target, { 'credential.json': { ...credentials[index] } });
	});
	const tags = unique(serialized.flatMap((one) => one.tags));
	const tagList = listed('tags', tags);
	tagList.forEach(({ target }, index) => {
		folder(target, { 'tag.json': { ...tags[index] } });
	});

	const manifest = {
		packageFormatVersion: '1',
		exportedAt: options.exportedAt ?? new Date(0).toISOString(),
		sourceN8nVersion: options.n8nVersion,
		sourceId: options.sourceId,
		workflows: workflowList,
		...(credentialList.length > 0 && { credentials: credentialList }),
		...(tagList.length > 0 && { tags: tagList }),
		requirements: requirements(workflows, serialized),
	};
	return gzip(writeTar([{ path: 'manifest.json', content: json(manifest) }, ...entries]));
}

/** Each id once, also where files lack them or share one. */
function withIds(workflows: readonly Workflow[]): Serialized[] {
	const taken = new Set<string>();
	return workflows.map((workflow, index) => {
		let id = workflow.id ?? stableId('workflow', workflow.name, String(index));
		if (taken.has(id)) id = stableId('workflow', id, String(index));
		taken.add(id);
		return serializeWorkflow(workflow, id);
	});
}

/** By workflow: the format names those that use a thing. */
function requirements(workflows: readonly Workflow[], serialized: Serialized[]): JsonObject {
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
