import type { Json, JsonObject } from '@autopilot/workflow-kit';
import { z } from 'zod';
import { contentOf, type Content } from '../content/content.ts';
import type { N8nApi } from './client.ts';
import { packWorkflows } from './package.ts';

const json: z.ZodType<Json> = z.lazy(() =>
	z.union([
		z.null(),
		z.boolean(),
		z.number(),
		z.string(),
		z.array(json),
		z.record(z.string(), json),
	]),
);
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

const version = z.looseObject({
	versionId: z.string(),
	nodes: z.array(jsonObject),
	connections: jsonObject,
	nodeGroups: z.array(json).nullish(),
});
const workflow = z.looseObject({
	id: z.string(),
	name: z.string(),
	description: z.string().nullish(),
	active: z.boolean(),
	isArchived: z.boolean(),
	updatedAt: z.string(),
	versionId: z.string(),
	versionCounter: z.number().optional(),
	activeVersionId: z.string().nullable(),
	nodes: z.array(jsonObject),
	connections: jsonObject,
	nodeGroups: z.array(json).nullish(),
	settings: jsonObject.nullish(),
	activeVersion: version.nullish(),
});

/** A workflow as n8n has it. */
export interface InstanceWorkflow {
	id: string;
	archived: boolean;
	updatedAt: string;
	/** What the editor shows. */
	draft: Content;
	versionId: string;
	/** Counts every save; undefined in lists. */
	saves: number | undefined;
	/** What runs in production: name and settings are not versioned by n8n. */
	published: { versionId: string; content: Content } | undefined;
}

export interface InstanceCredential {
	id: string;
	name: string;
	type: string;
}

/** Workflows and credentials of one n8n. */
export interface Instance {
	workflows(): Promise<InstanceWorkflow[]>;
	workflow(id: string): Promise<InstanceWorkflow>;
	credentials(): Promise<InstanceCredential[]>;
	/** Who saved the present version: `import` for n8n's command line. */
	lastAuthor(id: string): Promise<string | undefined>;
	/** Makes unpublished workflows with these ids. */
	create(workflows: readonly { id: string; content: Content }[]): Promise<void>;
	/** Saves a draft; what is published stays as it is, but for the settings, which n8n has only once. */
	save(id: string, content: Content): Promise<InstanceWorkflow>;
	publish(id: string, versionId: string): Promise<InstanceWorkflow>;
	unpublish(id: string): Promise<void>;
	archive(id: string): Promise<void>;
	unarchive(id: string): Promise<void>;
	delete(id: string): Promise<void>;
}

export function instanceOf(api: N8nApi): Instance {
	const get = async (id: string) =>
		read(await api.request(workflow, `/workflows/${id}?excludePinnedData=true`));
	const post = (path: string, body: unknown = {}) =>
		api.request(z.unknown(), path, { method: 'POST', body });
	return {
		workflow: get,
		async workflows() {
			const page = z.looseObject({ data: z.array(workflow) });
			return (await pages(api, page, '/workflows?excludePinnedData=true')).map(read);
		},
		async credentials() {
			const credential = z.object({ id: z.string(), name: z.string(), type: z.string() });
			return await pages(api, z.looseObject({ data: z.array(credential) }), '/credentials');
		},
		async lastAuthor(id) {
			const history = z.looseObject({
				data: z.array(z.looseObject({ authors: z.string().nullish() })),
			});
			const { data } = await api.request(history, `/workflows/${id}/history?limit=1`);
			return data[0]?.authors ?? undefined;
		},
		async create(workflows) {
			const path = '/n8n-packages/import';
			await api.request(z.unknown(), path, { method: 'POST', body: packWorkflows(workflows) });
		},
		async save(id, { name, description, nodes, connections, settings, nodeGroups }) {
			const body = {
				name,
				description: description ?? '',
				nodes,
				connections,
				settings,
				nodeGroups: nodeGroups ?? [],
			};
			const path = `/workflows/${id}?publishIfActive=false`;
			return read(await api.request(workflow, path, { method: 'PUT', body }));
		},
		async publish(id, versionId) {
			const path = `/workflows/${id}/publish`;
			return read(await api.request(workflow, path, { method: 'POST', body: { versionId } }));
		},
		unpublish: async (id) => void (await post(`/workflows/${id}/unpublish`)),
		archive: async (id) => void (await post(`/workflows/${id}/archive`)),
		unarchive: async (id) => void (await post(`/workflows/${id}/unarchive`)),
		async delete(id) {
			await api.request(z.unknown(), `/workflows/${id}`, { method: 'DELETE' });
		},
	};
}

function read(given: z.output<typeof workflow>): InstanceWorkflow {
	const { id, isArchived, updatedAt, versionId, versionCounter, activeVersionId, activeVersion } =
		given;
	const common = {
		name: given.name,
		description: given.description ?? '',
		settings: given.settings ?? {},
	};
	const draft = contentOf({
		...common,
		...{ nodes: given.nodes, connections: given.connections, nodeGroups: given.nodeGroups ?? [] },
	});
	const published =
		activeVersionId === null || activeVersion === null || activeVersion === undefined
			? undefined
			: {
					versionId: activeVersionId,
					content: contentOf({
						...common,
						nodes: activeVersion.nodes,
						connections: activeVersion.connections,
						nodeGroups: activeVersion.nodeGroups ?? [],
					}),
				};
	return {
		id,
		archived: isArchived,
		updatedAt,
		draft,
		versionId,
		saves: versionCounter,
		published,
	};
}

const PAGE = 250;

/** All pages of a list. */
export async function pages<Item>(
	api: N8nApi,
	schema: z.ZodType<{ data: Item[]; nextCursor?: unknown }>,
	path: string,
): Promise<Item[]> {
	const all: Item[] = [];
	let cursor = '';
	do {
		const query = `limit=${PAGE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
		const page = await api.request(schema, `${path}${path.includes('?') ? '&' : '?'}${query}`);
		all.push(...page.data);
		cursor = typeof page.nextCursor === 'string' ? page.nextCursor : '';
	} while (cursor !== '');
	return all;
}
