import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { additionalDataOf } from './additional-data.ts';
import { core } from './modules.ts';
import { loaders, nodeTypes } from './node-types.ts';
import type { PackageDescription, SearchOptions } from './protocol.ts';
import { nodeNamed, workflowOf } from './workflows.ts';

const OURS = 'n8n-nodes-autopilot';

/** Asks a node for the choices of a parameter. */
export async function search(options: SearchOptions): Promise<unknown> {
	const workflow = workflowOf(options.workflow);
	const node = nodeNamed(workflow, options.node);
	const additionalData = additionalDataOf(options.credentials ?? {}, undefined);
	const { methods } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const context = new core.LoadOptionsContext(
		workflow,
		node,
		additionalData,
		'',
	) as ILoadOptionsFunctions;
	const listSearch = methods?.listSearch?.[options.method];
	if (listSearch) {
		return await listSearch.call(context, options.filter, options.paginationToken);
	}
	const loadOptions = methods?.loadOptions?.[options.method];
	if (loadOptions) return await loadOptions.call(context);
	throw new Error(`The node "${node.name}" has no method ${options.method}`);
}

/** Nodes and credentials of our own package, as n8n describes them. */
export async function describe(): Promise<PackageDescription> {
	const own = loaders.get(OURS);
	const nodes = Object.keys(own?.known.nodes ?? {}).map((name) => {
		const type = nodeTypes.getByName(`${OURS}.${name}`);
		return [`${OURS}.${name}`, type.description];
	});
	const credentials = Object.keys(own?.known.credentials ?? {}).map((name) => [
		name,
		{ ...own?.getCredential(name).type },
	]);
	return JSON.parse(
		JSON.stringify({
			nodes: Object.fromEntries(nodes),
			credentials: Object.fromEntries(credentials),
		}),
	);
}
