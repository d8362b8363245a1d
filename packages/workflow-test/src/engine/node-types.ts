import type { INodeType, INodeTypes, IVersionedNodeType } from 'n8n-workflow';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { convertNodeToAiTool, core, doWithoutSqlite, n8nWorkflow } from './modules.ts';
import { n8nModules, type NodeLoader } from './n8n-core.ts';
import type { WorkflowJson } from './protocol.ts';
import { marked, withoutMark } from './stand-ins.ts';

const AI_NODES = '@n8n/n8n-nodes-langchain';

export const loaders = new Map<string, NodeLoader>();

/** Loads our node package from a folder, and n8n's own. */
export async function loadPackages(packageFolder: string): Promise<void> {
	const own = new core.PackageDirectoryLoader(packageFolder);
	await load(own);
	await load(new core.LazyPackageDirectoryLoader(join(n8nModules(), 'n8n-nodes-base')));
}

/** Loads what else a workflow uses and n8n has, such as its AI nodes. */
export async function loadFor({ nodes }: WorkflowJson): Promise<void> {
	for (const name of new Set(nodes.map(({ type }) => packageOf(withoutMark(type))))) {
		const folder = join(n8nModules(), name);
		if (loaders.has(name) || !existsSync(join(folder, 'package.json'))) continue;
		if (name === AI_NODES) doWithoutSqlite();
		await load(new core.LazyPackageDirectoryLoader(folder));
	}
}

async function load(loader: NodeLoader): Promise<void> {
	await loader.loadAll();
	loaders.set(loader.packageName, loader);
}

function packageOf(type: string): string {
	return type.slice(0, type.lastIndexOf('.'));
}

function typeOf(fullName: string): INodeType | IVersionedNodeType {
	const loader = loaders.get(packageOf(fullName));
	if (!loader) throw new Error(`No package is loaded that has the node ${fullName}`);
	return loader.getNode(fullName.slice(packageOf(fullName).length + 1)).type;
}

/** The type that n8n makes a tool of; undefined where a node is what it is called. */
function baseOfTool(type: string): string | undefined {
	const { known } = loaders.get(packageOf(type)) ?? {};
	const name = type.slice(packageOf(type).length + 1);
	if (!name.endsWith('Tool') || known === undefined || name in known.nodes) return undefined;
	return type.slice(0, -'Tool'.length);
}

/** As n8n does when it is asked for a type that it makes a tool of. */
function asTool(type: INodeType): INodeType {
	const properties = Object.create(type.description.properties);
	const description = Object.create(type.description, { properties: { value: properties } });
	return convertNodeToAiTool(Object.create(type, { description: { value: description } }));
}

export const nodeTypes: INodeTypes = {
	getByName: (name) => typeOf(baseOfTool(withoutMark(name)) ?? withoutMark(name)),
	getByNameAndVersion(name, version) {
		const type = withoutMark(name);
		const base = baseOfTool(type);
		const { getVersionedNodeType } = n8nWorkflow.NodeHelpers;
		if (base === undefined) return marked(name, getVersionedNodeType(typeOf(type), version));
		return marked(name, asTool(getVersionedNodeType(typeOf(base), version)));
	},
	getKnownTypes: () => ({}),
};
