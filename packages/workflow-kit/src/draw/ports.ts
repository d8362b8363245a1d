import { isObject, type Json, type JsonObject } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';

/** A port a node has whether something is connected to it or not. */
export interface Port {
	/** 'main', 'ai_tool' ... */
	type: string;
	/** '' for none. */
	label: string;
	required: boolean;
}

export interface Ports {
	inputs: Port[];
	outputs: Port[];
}

const LANGCHAIN = '@n8n/n8n-nodes-langchain.';
const BASE = 'n8n-nodes-base.';
/** More are not drawn. */
export const MAX_PORTS = 64;

const main = (label = ''): Port => ({ type: 'main', label, required: false });
const needs = (type: string, label: string): Port => ({
	type: `ai_${type}`,
	label,
	required: true,
});
const takes = (type: string, label: string): Port => ({
	type: `ai_${type}`,
	label,
	required: false,
});
const model = (label = 'Model') => needs('languageModel', label);

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

const NAMED_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
	if: ['true', 'false'],
	compareDatasets: ['In A only', 'Same', 'Different', 'In B only'],
	dynamicCredentialCheck: ['Ready', 'Not Ready'],
	filter: ['Kept'],
	removeDuplicates: ['Kept'],
};

function basePorts(name: string, node: WorkflowNode): Ports | undefined {
	const { parameters, typeVersion } = node;
	const inputs = [main()];
	switch (name) {
		case 'if':
		case 'dynamicCredentialCheck':
		case 'filter':
			return { inputs, outputs: (NAMED_OUTPUTS[name] ?? []).map(main) };
		case 'removeDuplicates':
			return { inputs, outputs: [main(typeVersion >= 2 ? 'Kept' : '')] };
		case 'compareDatasets':
			return {
				inputs: [main('Input A'), main('Input B')],
				outputs: (NAMED_OUTPUTS[name] ?? []).map(main),
			};
		case 'splitInBatches':
			if (typeVersion < 2) return undefined;
			return { inputs, outputs: (typeVersion < 3 ? ['loop', 'done'] : ['done', 'loop']).map(main) };
		case 'merge': {
			const count = typeVersion < 3 ? 2 : countOf(parameters['numberInputs'], 2);
			return { inputs: numbered(count, (index) => main(`Input ${index + 1}`)), outputs: [main()] };
		}
		case 'switch':
			return { inputs, outputs: switchOutputs(parameters, typeVersion) };
		case 'webhook': {
			const byDefault = parameters['multipleMethods'] === true ? ['GET', 'POST'] : ['GET'];
			const methods = parameters['httpMethod'] ?? byDefault;
			const names = list(Array.isArray(methods) ? methods : [methods]);
			return { inputs: [], outputs: names.map((one) => main(label(one))) };
		}
		case 'respondToWebhook':
			if (
				typeVersion === 1.3 ||
				(typeVersion >= 1.4 && parameters['enableResponseOutput'] === true)
			)
				return { inputs, outputs: [main('Input Data'), main('Response')] };
			return undefined;
		case 'evaluation':
			return {
				inputs:
					parameters['operation'] === 'setMetrics' &&
					(typeVersion >= 4.7
						? ['correctness', 'helpfulness', undefined].includes(text(parameters['metric']))
						: ['correctness', 'helpfulness'].includes(text(parameters['metric']) ?? ''))
						? [main(), takes('languageModel', 'Model')]
						: inputs,
				outputs:
					parameters['operation'] === 'checkIfEvaluating'
						? [main('Evaluation'), main('Normal')]
						: [main()],
			};
		case 'respondWith':
		case 'stopAndError':
			return { inputs, outputs: [] };
		case 'stickyNote':
			return { inputs: [], outputs: [] };
		default:
			return undefined;
	}
}

function switchOutputs(parameters: JsonObject, typeVersion: number): Port[] {
	if (typeVersion < 2) return ['0', '1', '2', '3'].map(main);
	if (parameters['mode'] === 'expression') {
		const count = countOf(parameters[typeVersion < 3 ? 'outputsAmount' : 'numberOutputs'], 4);
		return numbered(count, (index) => main(String(index)));
	}
	if (parameters['rules'] === undefined) return typeVersion < 3 ? [] : [main('0')];
	const rules = list(object(parameters['rules'])[typeVersion < 3 ? 'rules' : 'values']);
	const outputs = rules.map((rule, index) => {
		const key = label(object(rule)['outputKey']);
		return main(key === '' ? String(index) : key);
	});
	const options = object(parameters['options']);
	if (typeVersion >= 3 && options['fallbackOutput'] === 'extra') {
		const name = label(options['renameFallbackOutput']);
		outputs.push(main(name === '' ? 'Fallback' : name));
	}
	return outputs;
}

/** What sub-nodes give, by the beginning of their names; the longest first. */
const GIVERS: readonly (readonly [prefix: string, type: string, label: string])[] = [
	['lm', 'languageModel', 'Model'],
	['embeddings', 'embedding', 'Embeddings'],
	['memory', 'memory', 'Memory'],
	['outputParser', 'outputParser', 'Output Parser'],
	['textSplitter', 'textSplitter', 'Text Splitter'],
	['document', 'document', 'Document'],
	['retriever', 'retriever', 'Retriever'],
	['reranker', 'reranker', 'Reranker'],
	['tool', 'tool', 'Tool'],
	['mcpClientTool', 'tool', 'Tools'],
	['mcpRegistryClientTool', 'tool', 'Tools'],
];

function langchainPorts(name: string, node: WorkflowNode): Ports | undefined {
	const { parameters, typeVersion } = node;
	const inputs = [main()];
	const outputs = [main()];
	switch (name) {
		case 'agent':
			return { inputs: [main(), ...agentInputs(node)], outputs };
		case 'agentTool':
			return { inputs: agentInputs(node), outputs: [takes('tool', '')] };
		case 'chainLlm':
			return {
				inputs: [
					main(),
					model(),
					...(parameters['needsFallback'] === true ? [model('Fallback Model')] : []),
					...(hasParser(parameters, typeVersion < 1.4)
						? [takes('outputParser', 'Output Parser')]
						: []),
				],
				outputs,
			};
		case 'chainRetrievalQa':
			return { inputs: [main(), model(), needs('retriever', 'Retriever')], outputs };
		case 'chainSummarization':
			return { inputs: [main(), model(), ...summaryInputs(node)], outputs };
		case 'informationExtractor':
			return { inputs: [main(), model()], outputs };
		case 'sentimentAnalysis': {
			const given = text(object(parameters['options'])['categories']);
			const names = (given ?? 'Positive, Neutral, Negative').split(',', MAX_PORTS);
			return { inputs: [main(), model()], outputs: names.map((one) => main(one.trim())) };
		}
		case 'textClassifier': {
			const names = list(object(parameters['categories'])['categories']).map((one) =>
				main(label(object(one)['category'])),
			);
			if (object(parameters['options'])['fallback'] === 'other') names.push(main('Other'));
			return { inputs: [main(), model()], outputs: names };
		}
		case 'guardrails':
			return guardrails(parameters, typeVersion);
		case 'modelSelector':
			return {
				inputs: numbered(countOf(parameters['numberInputs'], 2), (index) =>
					model(`Model ${index + 1}`),
				),
				outputs: [takes('languageModel', '')],
			};
		case 'openAi':
			return { inputs: [main(), ...openAiInputs(node)], outputs };
		case 'openAiAssistant':
			return { inputs: [main(), takes('tool', 'Tools')], outputs };
		case 'googleGemini':
		case 'anthropic':
		case 'ollama':
		case 'minimax':
		case 'moonshot':
		case 'alibabaCloud': {
			const chats =
				(text(parameters['resource']) ?? 'text') === 'text' &&
				(text(parameters['operation']) ?? 'message') === 'message';
			return { inputs: chats ? [main(), takes('tool', 'Tools')] : inputs, outputs };
		}
		case 'mcpTrigger':
			return { inputs: [takes('tool', 'Tools')], outputs: [] };
		case 'chatTrigger': {
			const remembers =
				['hostedChat', 'webhook'].includes(text(parameters['mode']) ?? 'hostedChat') &&
				object(parameters['options'])['loadPreviousSession'] === 'memory';
			return { inputs: remembers ? [needs('memory', 'Memory')] : [], outputs };
		}
		case 'memoryManager':
		case 'memoryChatRetriever':
			return { inputs: [main(), needs('memory', 'Memory')], outputs };
		case 'outputParserAutofixing':
			return {
				inputs: [model(), needs('outputParser', 'Output Parser')],
				outputs: [takes('outputParser', 'Output Parser')],
			};
		case 'outputParserStructured':
			return {
				inputs: parameters['autoFix'] === true ? [model()] : [],
				outputs: [takes('outputParser', 'Output Parser')],
			};
		case 'toolVectorStore':
			return {
				inputs: [needs('vectorStore', 'Vector Store'), model()],
				outputs: [takes('tool', 'Tool')],
			};
		case 'retrieverVectorStore':
			return {
				inputs: [needs('vectorStore', 'Vector Store')],
				outputs: [takes('retriever', 'Retriever')],
			};
		case 'retrieverMultiQuery':
		case 'retrieverContextualCompression':
			return {
				inputs: [model(), needs('retriever', 'Retriever')],
				outputs: [takes('retriever', 'Retriever')],
			};
		case 'documentDefaultDataLoader':
		case 'documentGithubLoader': {
			const custom = typeVersion < 1.1 || parameters['textSplittingMode'] === 'custom';
			return {
				inputs: custom ? [needs('textSplitter', 'Text Splitter')] : [],
				outputs: [takes('document', 'Document')],
			};
		}
		case 'documentBinaryInputLoader':
		case 'documentJsonInputLoader':
			return {
				inputs: [
					name === 'documentJsonInputLoader'
						? takes('textSplitter', 'Text Splitter')
						: needs('textSplitter', 'Text Splitter'),
				],
				outputs: [takes('document', 'Document')],
			};
		case 'toolExecutor':
			return { inputs: [main(), takes('tool', '')], outputs };
		case 'code':
			return codePorts(parameters);
		default:
	}
	if (name.startsWith('vectorStore')) return vectorStorePorts(name, parameters);
	if (name.startsWith('chatHubVectorStore')) return vectorStorePorts(name, parameters);
	const giver = GIVERS.find(([prefix]) => name.startsWith(prefix) && !/Trigger$/.test(name));
	return giver && { inputs: [], outputs: [takes(giver[1], giver[2])] };
}

/** The agent's sub-nodes: with version 2 there is one kind of agent; before, the parameter says which. */
function agentInputs({ type, typeVersion, parameters }: WorkflowNode): Port[] {
	const parser = hasParser(parameters, false) ? [takes('outputParser', 'Output Parser')] : [];
	if (typeVersion >= 2 || type.endsWith('agentTool'))
		return [
			model('Chat Model'),
			...(parameters['needsFallback'] === true ? [model('Fallback Model')] : []),
			takes('memory', 'Memory'),
			takes('tool', 'Tool'),
			...parser,
		];
	const kind =
		text(parameters['agent']) ?? (typeVersion < 1.6 ? 'conversationalAgent' : 'toolsAgent');
	switch (kind) {
		case 'reActAgent':
		case 'planAndExecuteAgent':
			return [model(), takes('tool', 'Tool'), ...parser];
		case 'sqlAgent':
			return [model(), takes('memory', 'Memory')];
		default:
			return [model('Chat Model'), takes('memory', 'Memory'), takes('tool', 'Tool'), ...parser];
	}
}

function hasParser(parameters: JsonObject, byDefault: boolean): boolean {
	const value = parameters['hasOutputParser'];
	return value === undefined ? byDefault : value === true;
}

function summaryInputs({ parameters, typeVersion }: WorkflowNode): Port[] {
	if (typeVersion < 2 || parameters['operationMode'] === 'documentLoader')
		return [needs('document', 'Document')];
	return parameters['chunkingMode'] === 'advanced' ? [takes('textSplitter', 'Text Splitter')] : [];
}

function openAiInputs({ parameters, typeVersion }: WorkflowNode): Port[] {
	const resource = text(parameters['resource']) ?? 'text';
	const operation = text(parameters['operation']) ?? (typeVersion < 2 ? 'message' : 'response');
	if (resource === 'assistant' && operation === 'message') {
		const remembers = typeVersion >= 1.6 && text(parameters['memory']) !== 'threadId';
		return [takes('tool', 'Tools'), ...(remembers ? [takes('memory', 'Memory')] : [])];
	}
	const chats = resource === 'text' && (operation === 'message' || operation === 'response');
	return chats && parameters['hideTools'] !== 'hide' ? [takes('tool', 'Tools')] : [];
}

function guardrails(parameters: JsonObject, typeVersion: number): Ports {
	const classifies = (text(parameters['operation']) ?? 'classify') === 'classify';
	const checks = Object.keys(object(parameters['guardrails']));
	const asks =
		typeVersion < 2
			? classifies
			: checks.some((one) => ['nsfw', 'topicalAlignment', 'custom', 'jailbreak'].includes(one));
	return {
		inputs: [main(), ...(asks ? [model('Chat Model')] : [])],
		outputs: classifies ? [main('Pass'), main('Fail')] : [main()],
	};
}

function vectorStorePorts(name: string, parameters: JsonObject): Ports {
	const old = /(Insert|Load)$/.exec(name)?.[1];
	if (old === 'Insert')
		return {
			inputs: [main(), needs('document', 'Document'), needs('embedding', 'Embedding')],
			outputs: [main()],
		};
	const embedding = needs('embedding', 'Embedding');
	const store = takes('vectorStore', 'Vector Store');
	if (old === 'Load') return { inputs: [embedding], outputs: [store] };
	const mode = text(parameters['mode']) ?? 'retrieve';
	const inputs = [embedding];
	if (['load', 'retrieve', 'retrieve-as-tool'].includes(mode) && parameters['useReranker'] === true)
		inputs.push(needs('reranker', 'Reranker'));
	if (mode === 'retrieve-as-tool') return { inputs, outputs: [takes('tool', 'Tool')] };
	if (mode === 'retrieve') return { inputs, outputs: [store] };
	inputs.push(main());
	if (mode === 'insert') inputs.push(needs('document', 'Document'));
	return { inputs, outputs: [main()] };
}

const CODE_LABELS: ReadonlyMap<string, string> = new Map([
	['ai_chain', 'Chain'],
	['ai_document', 'Document'],
	['ai_embedding', 'Embedding'],
	['ai_languageModel', 'Language Model'],
	['ai_memory', 'Memory'],
	['ai_outputParser', 'Output Parser'],
	['ai_textSplitter', 'Text Splitter'],
	['ai_tool', 'Tool'],
	['ai_vectorStore', 'Vector Store'],
]);

/** LangChain Code: its ports are rows of two parameters. */
function codePorts(parameters: JsonObject): Ports {
	const read = (key: 'input' | 'output', row: string): Port[] =>
		list(object(parameters[`${key}s`])[row]).map((one) => {
			const type = text(object(one)['type']) ?? 'main';
			return {
				type,
				label: CODE_LABELS.get(type) ?? '',
				required: object(one)['required'] === true,
			};
		});
	return { inputs: read('input', 'input'), outputs: read('output', 'output') };
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

function object(value: Json | undefined): JsonObject {
	return value !== undefined && isObject(value) ? value : {};
}

function list(value: Json | undefined): Json[] {
	return Array.isArray(value) ? value.slice(0, MAX_PORTS) : [];
}

function text(value: Json | undefined): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

function label(value: Json | undefined): string {
	return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function countOf(value: Json | undefined, byDefault: number): number {
	const count = typeof value === 'number' && Number.isFinite(value) ? Math.floor(value) : byDefault;
	return Math.max(0, Math.min(MAX_PORTS, count));
}

function numbered(count: number, port: (index: number) => Port): Port[] {
	return Array.from({ length: count }, (_, index) => port(index));
}
