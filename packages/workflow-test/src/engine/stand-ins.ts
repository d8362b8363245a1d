import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import type { StandIn, WorkflowJson } from './protocol.ts';
import { world } from './world.ts';

/** Put in front of the type of a node that something stands in for. */
const MARK = 'stand-in|';

/** Put in front of the type of a Wait node: in a closed world time passes at once. */
const QUICK = 'quick|';

export function withoutMark(type: string): string {
	return type.slice(type.indexOf('|') + 1);
}

/** The type behind a mark, changed as the mark says. */
export function marked(type: string, real: INodeType): INodeType {
	if (type.startsWith(MARK)) return standInType(real);
	return type.startsWith(QUICK) ? quickType(real) : real;
}

/** The workflow with marked types where something stands in, and without pauses. */
export function withStandIns(workflow: WorkflowJson, nodes: Record<string, StandIn>): WorkflowJson {
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => {
			const { name, type, retryOnFail } = node;
			const pause = retryOnFail === true ? { waitBetweenTries: 1 } : {};
			if (Object.hasOwn(nodes, name)) return { ...node, ...pause, type: `${MARK}${type}` };
			return { ...node, ...pause, type: type === 'n8n-nodes-base.wait' ? `${QUICK}${type}` : type };
		}),
	};
}

/**
 * A Wait node that waits for nothing but calls; how long it would wait is evaluated all the same. n8n's is a class whose
 * `execute` takes the context as its argument.
 */
function quickType(real: INodeType): INodeType {
	const execute = async (context: IExecuteFunctions): Promise<INodeExecutionData[][]> => {
		const until = context.getNodeParameter('resume', 0);
		if (until !== 'timeInterval' && until !== 'specificTime') {
			const wait: unknown = Reflect.get(real, 'execute');
			if (typeof wait !== 'function') throw new Error('A Wait node of another n8n');
			return await wait.call(real, context);
		}
		const name = until === 'timeInterval' ? 'amount' : 'dateTime';
		const value = context.getNodeParameter(name, 0);
		const time = name === 'amount' ? Number(value) : Date.parse(String(value));
		if (Number.isNaN(time)) throw new Error(`It cannot wait for ${JSON.stringify(value)}`);
		return [context.getInputData()];
	};
	return Object.assign(Object.create(real), { execute });
}

/** A node with the description of the real one (so its parameters are what they are) that gives out what it is told. */
function standInType({ description }: INodeType): INodeType {
	return {
		description,
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const { name, parameters } = this.getNode();
			const input = this.getInputData();
			// Evaluated as the node would: an expression that fails makes the run fail.
			const evaluated = input.map((_, index) =>
				Object.fromEntries(
					Object.keys(parameters).map((key) => [key, this.getNodeParameter(key, index, undefined)]),
				),
			);
			const { options, parameters: seen } = world();
			seen[name] = [...(seen[name] ?? []), ...(evaluated as IDataObject[])];
			const standIn = options.nodes[name];
			if (standIn === undefined) throw new Error(`Nothing stands in for "${name}"`);
			const pairedItem = { item: 0 };
			if ('items' in standIn) return [standIn.items.map((json) => ({ json, pairedItem }))];
			if (!this.continueOnFail()) throw new Error(standIn.error);
			return [input.map((_, item) => ({ json: { error: standIn.error }, pairedItem: { item } }))];
		},
	};
}
