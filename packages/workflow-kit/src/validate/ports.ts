import type { NodeLookup } from '../facts/lookup.ts';
import type { PortFacts, Ports } from '../facts/schema.ts';
import { isObject, own, type Json } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';

/** The inputs of a node; `dynamic` where they are not known. */
export function inputsOf(node: WorkflowNode, type: NodeLookup | undefined): Ports {
	if (type === undefined) return 'dynamic';
	if (type.inputs !== 'dynamic') return type.inputs;
	const { parameters } = node;
	switch (node.type) {
		case 'n8n-nodes-base.merge':
			return main(wholeNumber(own(parameters, 'numberInputs')) ?? 2);
		case '@n8n/n8n-nodes-langchain.agent':
			return node.typeVersion < 2 ? 'dynamic' : agentInputs(node);
		case '@n8n/n8n-nodes-langchain.chainLlm':
			return [
				...main(1),
				...models(node),
				...(own(parameters, 'hasOutputParser') === false ? [] : [port('ai_outputParser')]),
			];
		default:
			return 'dynamic';
	}
}

function agentInputs(node: WorkflowNode): PortFacts[] {
	return [
		...main(1),
		...models(node),
		...[port('ai_memory'), port('ai_tool'), port('ai_outputParser')],
	];
}

function models({ parameters }: WorkflowNode): PortFacts[] {
	const model: PortFacts = { type: 'ai_languageModel', required: true, max: 1 };
	return own(parameters, 'needsFallback') === false ? [model] : [model, model];
}

/** The outputs of a node, its error output included; `dynamic` where they are not known. */
export function outputsOf(node: WorkflowNode, type: NodeLookup | undefined): Ports {
	const outputs = withoutError(node, type);
	if (outputs === 'dynamic' || node.onError !== 'continueErrorOutput') return outputs;
	return outputs.some((one) => one.type === 'main') ? [...outputs, port('main')] : outputs;
}

function withoutError(node: WorkflowNode, type: NodeLookup | undefined): Ports {
	if (type === undefined) return 'dynamic';
	if (type.outputs !== 'dynamic') return type.outputs;
	const { parameters } = node;
	switch (node.type) {
		case 'n8n-nodes-base.switch':
			return switchOutputs(node);
		case 'n8n-nodes-base.respondToWebhook':
			return main(2);
		case 'n8n-nodes-base.webhook': {
			const methods = own(parameters, 'httpMethod');
			return main(Array.isArray(methods) ? Math.max(1, methods.length) : 1);
		}
		default:
			return 'dynamic';
	}
}

function switchOutputs({ parameters, typeVersion }: WorkflowNode): Ports {
	if (own(parameters, 'mode') === 'expression') {
		const given = own(parameters, typeVersion < 3 ? 'outputsAmount' : 'numberOutputs');
		return given === undefined ? main(4) : computed(given);
	}
	const rules = own(parameters, 'rules');
	const list = isObject(rules) ? own(rules, typeVersion < 3 ? 'rules' : 'values') : undefined;
	if (!Array.isArray(list)) return 'dynamic';
	const options = own(parameters, 'options');
	const fallback =
		(isObject(options) ? own(options, 'fallbackOutput') : undefined) ??
		own(parameters, 'fallbackOutput');
	return main(list.length + (fallback === 'extra' || typeof fallback === 'string' ? 1 : 0));
}

function computed(value: Json): Ports {
	const number = wholeNumber(value);
	return number === undefined ? 'dynamic' : main(number);
}

function main(count: number): PortFacts[] {
	return Array.from({ length: Math.min(count, 100) }, () => port('main'));
}

function port(type: string): PortFacts {
	return { type };
}

function wholeNumber(value: Json | undefined): number | undefined {
	return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}
