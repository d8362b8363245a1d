import { own, ownString } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import type { Context } from './context.ts';

const AI = '@n8n/n8n-nodes-langchain.';
/** Those that ask a language model of their own. */
const ASKERS = new Set([
	...['agent', 'agentTool', 'chainLlm', 'chainRetrievalQa', 'chainSummarization'],
	...['informationExtractor', 'sentimentAnalysis', 'textClassifier'],
]);
const AGENTS = new Set(['agent', 'agentTool', 'chainLlm']);
/** Tools whose description n8n does not make itself. */
const DESCRIBED = new Map([
	['toolCode', 'description'],
	['toolHttpRequest', 'toolDescription'],
	['toolWorkflow', 'description'],
]);

export function checkAgents(context: Context): void {
	for (const node of context.workflow.nodes) {
		if (node.disabled || !node.type.startsWith(AI)) continue;
		const kind = node.type.slice(AI.length);
		if (ASKERS.has(kind)) checkAsker(context, node, kind);
		checkTool(context, node, kind);
	}
}

function checkAsker({ report, graph }: Context, node: WorkflowNode, kind: string): void {
	const count = (type: string) =>
		graph.incoming(node.name).filter(({ targetType, source }) => {
			return targetType === type && graph.byName.get(source)?.disabled !== true;
		}).length;
	// Old agents of the OpenAI kind asked without a model node.
	if (ownString(node.parameters, 'agent') === 'openAiAssistant') return;
	const models = count('ai_languageModel');
	const wantsFallback = own(node.parameters, 'needsFallback') === true;
	if (models === 0)
		report('agent-model-missing', `"${node.name}" has no language model.`, { node });
	else if (wantsFallback && models === 1)
		report('agent-fallback-missing', `"${node.name}" has no second model.`, { node });
	if (!AGENTS.has(kind)) return;
	if (models > (wantsFallback ? 2 : 1) && own(node.parameters, 'needsFallback') !== undefined)
		report('agent-too-many', `"${node.name}" has ${models} models.`, { node });
	if (count('ai_memory') > 1)
		report('agent-too-many', `"${node.name}" has ${count('ai_memory')} memories.`, { node });
	if (own(node.parameters, 'hasOutputParser') === true && count('ai_outputParser') === 0)
		report('agent-parser-missing', `"${node.name}" has no output parser.`, { node });
	if (
		own(node.parameters, 'promptType') === 'define' &&
		own(node.parameters, 'text') === '' &&
		kind !== 'agentTool'
	) {
		report('agent-prompt-empty', `The prompt of "${node.name}" is empty.`, {
			...{ node, pointer: `${node.pointer}/parameters/text` },
		});
	}
}

function checkTool({ report }: Context, node: WorkflowNode, kind: string): void {
	const parameter = DESCRIBED.get(kind);
	if (parameter === undefined) return;
	const text = own(node.parameters, parameter);
	if (text === undefined ? node.typeVersion < 2 && kind === 'toolWorkflow' : text === '')
		report('agent-tool-description-missing', `"${node.name}" has no description.`, { node });
}
