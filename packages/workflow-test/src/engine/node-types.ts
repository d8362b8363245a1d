import type { INodeType, INodeTypes, IVersionedNodeType } from 'n8n-workflow';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { core, n8nWorkflow } from './modules.ts';
import { n8nModules, type NodeLoader } from './n8n-core.ts';
import type { WorkflowJson } from './protocol.ts';
import { marked, withoutMark } from './stand-ins.ts';

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

export const nodeTypes: INodeTypes = {
	getByName: (name) => typeOf(withoutMark(name)),
	getByNameAndVersion(name, version) {
		return marked(
			name,
			n8nWorkflow.NodeHelpers.getVersionedNodeType(typeOf(withoutMark(name)), version),
		);
	},
	getKnownTypes: () => ({}),
};
