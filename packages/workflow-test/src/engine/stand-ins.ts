import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	ISupplyDataFunctions,
	SupplyData,
} from 'n8n-workflow';
import { chatModel, tool } from './models.ts';
import type { NodeStandIn, WorkflowJson } from './protocol.ts';
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
export function withStandIns(
	workflow: WorkflowJson,
	nodes: Record<string, NodeStandIn>,
): WorkflowJson {
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
			const { name } = this.getNode();
			const input = this.getInputData();
			// Evaluated as the node would: an expression that fails makes the run fail.
			note(
				name,
				input.map((_, index) => evaluated(this, index)),
			);
			const standIn = standInFor(name);
			const pairedItem = { item: 0 };
			if ('items' in standIn) return [standIn.items.map((json) => ({ json, pairedItem }))];
			if ('replies' in standIn)
				throw new Error(`"${name}" is no sub-node: give it "items" instead of "replies"`);
			if (!this.continueOnFail()) throw new Error(standIn.error);
			return [input.map((_, item) => ({ json: { error: standIn.error }, pairedItem: { item } }))];
		},
		async supplyData(this: ISupplyDataFunctions, itemIndex: number): Promise<SupplyData> {
			const { name } = this.getNode();
			const parameters = evaluated(this, itemIndex);
			const standIn = standInFor(name);
			if (!('replies' in standIn)) {
				note(name, [parameters]);
				const answer = (input: string) => {
					const items = 'items' in standIn ? standIn.items : fail(standIn.error);
					log(this, 'ai_tool', { input }, items);
					return items;
				};
				return await Promise.resolve({ response: tool(name, answer) });
			}
			const { replied } = world();
			const reply = (messages: { role: string; text: string }[]) => {
				note(name, [{ ...parameters, messages }]);
				const count = replied[name] ?? 0;
				replied[name] = count + 1;
				const given =
					standIn.replies[count] ??
					fail(`"${name}" was asked ${count + 1} times, and the test has ${count} replies for it`);
				log(this, 'ai_languageModel', { messages }, [{ reply: given } as IDataObject]);
				return given;
			};
			return { response: chatModel(reply) };
		},
	};
}

function evaluated(context: IExecuteFunctions | ISupplyDataFunctions, index: number): IDataObject {
	const { parameters } = context.getNode();
	return Object.fromEntries(
		Object.keys(parameters).map((key) => [key, context.getNodeParameter(key, index, undefined)]),
	) as IDataObject;
}

/** Sub-nodes tell n8n themselves what went in and out; by it they count as run. */
function log(
	context: ISupplyDataFunctions,
	type: 'ai_languageModel' | 'ai_tool',
	input: IDataObject,
	output: IDataObject[],
): void {
	const { index } = context.addInputData(type, [[{ json: input }]]);
	context.addOutputData(type, index, [output.map((json) => ({ json }))]);
}

function note(name: string, seen: IDataObject[]): void {
	const { parameters } = world();
	parameters[name] = [...(parameters[name] ?? []), ...seen];
}

function standInFor(name: string): NodeStandIn {
	return world().options.nodes[name] ?? fail(`Nothing stands in for "${name}"`);
}

function fail(message: string): never {
	throw new Error(message);
}
