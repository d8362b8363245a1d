import type { Edge, WorkflowNode } from '../model/model.ts';
import type { Ports } from '../facts/schema.ts';
import { isObject, own } from '../model/json.ts';
import type { Context } from './context.ts';
import { findLoops } from './loops.ts';
import { inputsOf, outputsOf } from './ports.ts';

const STICKY = 'n8n-nodes-base.stickyNote';

/** As n8n sees it: an entry under its name counts, also one that leads nowhere. */
export function isConnected({ graph, workflow }: Context, name: string): boolean {
	if (graph.outgoing(name).length > 0 || graph.incoming(name).length > 0) return true;
	const connections = own(workflow.source, 'connections');
	const entry = isObject(connections) ? own(connections, name) : undefined;
	return isObject(entry) && Object.keys(entry).length > 0;
}

/** What n8n refuses to import: connections from or to names that no node has. */
export function checkEnds({ report, workflow, graph }: Context): void {
	const ids = new Map<string, WorkflowNode>();
	for (const node of workflow.nodes) if (node.id !== undefined) ids.set(node.id, node);
	const wrong = (end: 'source' | 'target', name: string, pointer: string) => {
		const byId = ids.get(name);
		if (byId !== undefined) {
			report('connection-by-id', `A connection names "${byId.name}" by its id.`, {
				...{ pointer, advice: `Write "${byId.name}".` },
			});
		} else if (end === 'source')
			report('connection-source-unknown', `Connections come from "${clip(name)}".`, { pointer });
		else report('connection-target-unknown', `A connection leads to "${clip(name)}".`, { pointer });
	};
	const connections = own(workflow.source, 'connections');
	if (isObject(connections)) {
		for (const source of Object.keys(connections)) {
			if (source === '__proto__' || graph.byName.has(source)) continue;
			const key = source.replaceAll('~', '~0').replaceAll('/', '~1');
			wrong('source', source, `${workflow.pointer}/connections/${key}`);
		}
	}
	for (const edge of workflow.edges)
		if (!graph.byName.has(edge.target)) wrong('target', edge.target, edge.pointer);
}

export function checkGraph(context: Context): void {
	const seen = new Set<string>();
	for (const edge of context.workflow.edges) {
		const { source, sourceType, sourceIndex, target, targetType, targetIndex } = edge;
		const key = `${source}\0${target}\0${sourceType}\0${targetType}\0${sourceIndex},${targetIndex}`;
		if (seen.has(key)) {
			context.report(
				'connection-duplicate',
				`"${edge.source}" is connected to "${edge.target}" twice.`,
				{ pointer: edge.pointer },
			);
		}
		seen.add(key);
		checkPorts(context, edge);
	}
	checkReach(context);
	for (const { names, isEndless } of findLoops(context.workflow, context.graph)) {
		const shown = names.slice(0, 6).map((name) => `"${name}"`);
		context.report('loop-without-exit', `Nothing leads out of the loop ${shown.join(' > ')}.`, {
			node: context.graph.byName.get(names[0] ?? ''),
			...(!isEndless && { severity: 'warning' }),
		});
	}
	for (const node of context.workflow.nodes) checkErrorOutput(context, node);
}

function checkPorts(context: Context, edge: Edge): void {
	const { report, graph } = context;
	const [source, target] = [graph.byName.get(edge.source), graph.byName.get(edge.target)];
	if (source === undefined || target === undefined) return;
	const { pointer } = edge;
	if (!isConnectionType(edge.sourceType)) {
		report(
			'connection-type-unknown',
			`"${edge.source}" is connected by "${clip(edge.sourceType)}".`,
			{
				...{ node: source, pointer },
			},
		);
		return;
	}
	const outputs = outputsOf(source, context.typeOf(source));
	if (count(outputs, edge.sourceType) === 0) {
		report('connection-type-refused', `"${edge.source}" gives no ${edge.sourceType}.`, {
			...{ node: source, pointer },
		});
	} else if (edge.sourceIndex >= count(outputs, edge.sourceType)) {
		report(
			'connection-output-missing',
			`"${edge.source}" has no output ${edge.sourceIndex} (it has ${count(outputs, edge.sourceType)}).`,
			{ node: source, pointer },
		);
	}
	const inputs = inputsOf(target, context.typeOf(target));
	if (count(inputs, edge.targetType) === 0) {
		report('connection-type-refused', `"${edge.target}" takes no ${clip(edge.targetType)}.`, {
			...{ node: target, pointer },
		});
	} else if (edge.targetType === 'main' && edge.targetIndex >= count(inputs, 'main')) {
		report(
			'connection-input-missing',
			`"${edge.target}" has no input ${edge.targetIndex} (it has ${count(inputs, 'main')}).`,
			{ node: target, pointer },
		);
	}
}

function isConnectionType(type: string): boolean {
	return type === 'main' || /^ai_[A-Za-z]{1,30}$/.test(type);
}

function count(ports: Ports, type: string): number {
	if (ports === 'dynamic') return Infinity;
	return ports.filter((port) => port.type === type).length;
}

function checkReach({ report, workflow, graph, typeOf }: Context): void {
	const reached = new Set<string>();
	const todo = workflow.nodes.filter((node) => isTrigger(node, typeOf(node)?.facts.trigger));
	// A workflow without a trigger is a finding of its own; then nothing is reached.
	if (todo.length === 0) return;
	const names = todo.map(({ name }) => name);
	for (let name = names.pop(); name !== undefined; name = names.pop()) {
		if (reached.has(name)) continue;
		reached.add(name);
		for (const edge of graph.outgoing(name))
			if (edge.sourceType === 'main') names.push(edge.target);
		for (const edge of graph.incoming(name))
			if (edge.targetType !== 'main') names.push(edge.source);
	}
	for (const node of workflow.nodes) {
		if (node.type === STICKY || reached.has(node.name) || node.disabled) continue;
		const outgoing = graph.outgoing(node.name);
		const outputs = outputsOf(node, typeOf(node));
		const isSub =
			Array.isArray(outputs) && outputs.length > 0 && outputs.every(({ type }) => type !== 'main');
		if (isSub && outgoing.length === 0)
			report('sub-node-detached', `"${node.name}" serves no node.`, { node });
		else if (!isSub) report('node-unreachable', `No trigger leads to "${node.name}".`, { node });
	}
}

/** By its facts; without any, by what all trigger types are called. */
export function isTrigger({ type }: WorkflowNode, isKnown: boolean | undefined): boolean {
	if (isKnown !== undefined) return isKnown;
	return /trigger$/i.test(type) || STARTERS.has(type);
}

const STARTERS = new Set([
	...['n8n-nodes-base.webhook', 'n8n-nodes-base.start', 'n8n-nodes-base.cron'],
	...['n8n-nodes-base.interval', 'n8n-nodes-base.emailReadImap'],
]);

function checkErrorOutput({ report, graph, typeOf }: Context, node: WorkflowNode): void {
	if (node.onError !== 'continueErrorOutput' || node.disabled) return;
	const outputs = outputsOf(node, typeOf(node));
	if (outputs === 'dynamic') return;
	const last = count(outputs, 'main') - 1;
	const isUsed = graph
		.outgoing(node.name)
		.some(({ sourceType, sourceIndex }) => sourceType === 'main' && sourceIndex === last);
	if (!isUsed && last > 0)
		report('error-output-unused', `The error output of "${node.name}" leads nowhere.`, { node });
}

function clip(text: string): string {
	return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
