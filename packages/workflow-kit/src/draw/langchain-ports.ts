import type { JsonObject } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import {
	countOf,
	label,
	list,
	main,
	MAX_PORTS,
	model,
	needs,
	numbered,
	object,
	takes,
	text,
	type Port,
	type Ports,
} from './port.ts';

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

/** Ports of AI nodes and their sub-nodes. */
export function langchainPorts(name: string, node: WorkflowNode): Ports | undefined {
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
