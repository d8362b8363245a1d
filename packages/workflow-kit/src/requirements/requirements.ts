import { isObject, own, ownString, type Json, type JsonObject } from '../model/json.ts';
import type { Workflow, WorkflowNode } from '../model/model.ts';
import { leastReleaseOf, type LeastRelease } from './least-release.ts';
import { domainsIn, variablesIn } from './texts.ts';

/** What an n8n must have before these workflows can run. Lists are sorted; nodes are named. */
export interface Requirements {
	leastN8nVersion: LeastRelease;
	nodeTypes: { type: string; versions: number[]; count: number }[];
	/** npm packages with nodes that do not come with n8n. */
	communityPackages: { name: string; nodeTypes: string[] }[];
	credentials: { type: string; names: string[]; nodes: string[] }[];
	/** Called as sub-workflow, as tool of an agent, or when one fails. */
	workflows: { workflow: string; use: 'sub-workflow' | 'error workflow'; nodes: string[] }[];
	dataTables: { table: string; nodes: string[] }[];
	/** $vars.NAME: they need a licence. */
	variables: { name: string; nodes: string[] }[];
	/** $env.NAME of the n8n process. */
	environment: { name: string; nodes: string[] }[];
	/** Hosts that parameters and code name. */
	domains: { domain: string; nodes: string[] }[];
	/** What the node types talk to, by their own names: slack, googleSheets. */
	services: string[];
}

/** Of one or several workflows together. */
export function requirementsOf(workflows: readonly Workflow[]): Requirements {
	const found = collector();
	for (const workflow of workflows) {
		for (const node of workflow.nodes) if (!isNote(node)) ofNode(node, found);
		const errorWorkflow = own(workflow.settings, 'errorWorkflow');
		if (typeof errorWorkflow === 'string' && errorWorkflow !== '' && errorWorkflow !== 'DEFAULT')
			found.add('error workflow', errorWorkflow, 'settings');
	}
	const counts = Map.groupBy(
		workflows.flatMap(({ nodes }) => nodes).filter((node) => node.type !== '' && !isNote(node)),
		({ type }) => type,
	);
	const types = [...counts.keys()].sort();
	return {
		leastN8nVersion: leastReleaseOf(workflows),
		nodeTypes: types.map((type) => {
			const nodes = counts.get(type) ?? [];
			const versions = [...new Set(nodes.map(({ typeVersion }) => typeVersion))];
			return { type, versions: versions.sort((left, right) => left - right), count: nodes.length };
		}),
		communityPackages: communityPackages(types),
		credentials: found.list('credential').map(([type, nodes]) => ({
			...{ type, nodes },
			names: found.list(`name of ${type}`).map(([name]) => name),
		})),
		workflows: (['sub-workflow', 'error workflow'] as const).flatMap((use) =>
			found.list(use).map(([workflow, nodes]) => ({ workflow, use, nodes })),
		),
		dataTables: found.list('table').map(([table, nodes]) => ({ table, nodes })),
		variables: found.list('variable').map(([name, nodes]) => ({ name, nodes })),
		environment: found.list('environment').map(([name, nodes]) => ({ name, nodes })),
		domains: found.list('domain').map(([domain, nodes]) => ({ domain, nodes })),
		services: [...new Set(types.filter(isService).map(serviceOf))].sort(),
	};
}

type Collector = ReturnType<typeof collector>;

/** Names of nodes by kind and value. */
function collector() {
	const kinds = new Map<string, Map<string, Set<string>>>();
	return {
		add(kind: string, value: string, node: string): void {
			const values = kinds.get(kind) ?? new Map<string, Set<string>>();
			kinds.set(kind, values.set(value, (values.get(value) ?? new Set()).add(node)));
		},
		list(kind: string): [string, string[]][] {
			const values = [...(kinds.get(kind) ?? new Map<string, Set<string>>())];
			return values
				.map(([value, nodes]): [string, string[]] => [value, [...nodes]])
				.sort(([left], [right]) => (left < right ? -1 : 1));
		},
	};
}

function ofNode(node: WorkflowNode, found: Collector): void {
	for (const { type, name } of node.credentials) {
		found.add('credential', type, node.name);
		if (name !== undefined) found.add(`name of ${type}`, name, node.name);
	}
	for (const workflow of calledWorkflows(node)) found.add('sub-workflow', workflow, node.name);
	const table = /(^|\.)(dataTable|evaluation)/i.test(node.type)
		? locatorOf(own(node.parameters, 'dataTableId'))
		: undefined;
	if (table !== undefined) found.add('table', table, node.name);
	eachText(node.parameters, (text) => {
		for (const name of variablesIn(text, '$vars')) found.add('variable', name, node.name);
		for (const name of variablesIn(text, '$env')) found.add('environment', name, node.name);
		for (const domain of domainsIn(text)) found.add('domain', domain, node.name);
	});
}

/** Ids or names; expressions are decided when they run. */
function calledWorkflows({ type, parameters }: WorkflowNode): string[] {
	if (!/\.(executeWorkflow|toolWorkflow|retrieverWorkflow)$/.test(type)) return [];
	const source = ownString(parameters, 'source') ?? 'database';
	if (source !== 'database') return [];
	const workflow = locatorOf(own(parameters, 'workflowId'));
	return workflow === undefined ? [] : [workflow];
}

/** Of a resource locator {__rl, mode, value}, or of the plain text that old versions had. */
function locatorOf(value: Json | undefined): string | undefined {
	const text = isObject(value) ? own(value, 'value') : value;
	if (typeof text !== 'string' || text === '' || text.startsWith('=')) return undefined;
	return text;
}

function eachText(parameters: JsonObject, visit: (text: string) => void): void {
	const todo: Json[] = [parameters];
	for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
		if (typeof value === 'string') visit(value);
		else if (typeof value === 'object' && value !== null) {
			for (const inner of Object.values(value)) todo.push(inner);
		}
	}
}

const OWN_PACKAGES = new Set(['n8n-nodes-base', '@n8n/n8n-nodes-langchain']);

function communityPackages(types: string[]): Requirements['communityPackages'] {
	const packages = Map.groupBy(types, packageOf);
	return [...packages]
		.filter(([name]) => name !== '' && !OWN_PACKAGES.has(name))
		.map(([name, nodeTypes]) => ({ name, nodeTypes }))
		.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** `n8n-nodes-acme.thing` -> n8n-nodes-acme; '' for what has no package. */
export function packageOf(type: string): string {
	return type.slice(0, Math.max(0, type.lastIndexOf('.')));
}

// What every workflow is made of; it talks to nobody.
const PLUMBING =
	/\.(set|if|switch|filter|merge|code|function|functionItem|noOp|wait|limit|sort|aggregate|summarize|splitOut|splitInBatches|removeDuplicates|renameKeys|compareDatasets|itemLists|dateTime|crypto|jwt|totp|html|htmlExtract|markdown|xml|manualTrigger|scheduleTrigger|cron|interval|start|webhook|respondToWebhook|form|formTrigger|errorTrigger|stopAndError|executeWorkflow|executeWorkflowTrigger|executionData|executeCommand|httpRequest|httpRequestTool|convertToFile|extractFromFile|readBinaryFile|readBinaryFiles|writeBinaryFile|readWriteFile|moveBinaryData|spreadsheetFile|compression|editImage|debugHelper|dataTable|evaluation|evaluationTrigger|n8n|n8nTrigger|simulate|stickyNote|readPDF|sseTrigger|localFileTrigger|workflowTrigger|activationTrigger|agent|agentTool|chainLlm|chainSummarization|chainRetrievalQa|chatTrigger|chat|manualChatTrigger|outputParser\w*|memoryBufferWindow|memoryManager|memoryChatRetriever|toolCode|toolWorkflow|toolHttpRequest|toolCalculator|toolThink|toolVectorStore|vectorStoreInMemory\w*|textSplitter\w*|document\w*|textClassifier|informationExtractor|sentimentAnalysis|retriever\w*|guardrails|modelSelector)$/;

function isService(type: string): boolean {
	return type.includes('.') && !PLUMBING.test(type);
}

/** `n8n-nodes-base.googleSheetsTool` -> googleSheets. */
function serviceOf(type: string): string {
	return type
		.slice(type.lastIndexOf('.') + 1)
		.replace(/(Trigger|Tool)$/, '')
		.replace(/^(lmChat|lm|embeddings|vectorStore|memory|tool)(?=[A-Z])/, '')
		.replace(/^./, (letter) => letter.toLowerCase());
}

function isNote({ type }: WorkflowNode): boolean {
	return type === 'n8n-nodes-base.stickyNote';
}
