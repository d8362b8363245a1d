import type { WorkflowNode } from '../model/model.ts';
import { basePorts } from './base-ports.ts';
import { langchainPorts } from './langchain-ports.ts';
import { BASE, LANGCHAIN, main, MAX_PORTS, takes, type Ports } from './port.ts';

/**
 * Ports by type, version and parameters, from facts about n8n's nodes. Nothing is evaluated. A node
 * that is not known has one way in and one way out; geometry.ts adds what is connected.
 */
export function declaredPorts(node: WorkflowNode): Ports {
	const ports = knownPorts(node);
	if (
		node.onError === 'continueErrorOutput' &&
		ports.outputs.every(({ type }) => type === 'main')
	) {
		const [first] = ports.outputs;
		if (ports.outputs.length === 1 && first?.label === '') first.label = 'Success';
		ports.outputs.push(main('Error'));
	}
	ports.inputs.length = Math.min(ports.inputs.length, MAX_PORTS);
	ports.outputs.length = Math.min(ports.outputs.length, MAX_PORTS);
	return ports;
}

function knownPorts(node: WorkflowNode): Ports {
	const { type } = node;
	if (type.startsWith(LANGCHAIN)) {
		const ports = langchainPorts(type.slice(LANGCHAIN.length), node);
		if (ports !== undefined) return ports;
	} else if (type.startsWith(BASE)) {
		const ports = basePorts(type.slice(BASE.length), node);
		if (ports !== undefined) return ports;
	}
	if (isTool(type)) return { inputs: [], outputs: [takes('tool', 'Tool')] };
	if (isTrigger(node)) return { inputs: [], outputs: [main()] };
	return { inputs: [main()], outputs: [main()] };
}

/** By name; n8n's own exceptions are listed. */
export function isTrigger({ type }: Pick<WorkflowNode, 'type'>): boolean {
	if (/trigger$/i.test(type)) return true;
	return TRIGGERS.has(type);
}

const TRIGGERS: ReadonlySet<string> = new Set(
	['webhook', 'cron', 'interval', 'start', 'emailReadImap'].map((name) => BASE + name),
);

export function isTool(type: string): boolean {
	return type.endsWith('Tool') && !type.startsWith(LANGCHAIN);
}
