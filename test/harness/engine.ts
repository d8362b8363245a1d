// Runs workflows with n8n's own engine, without the server. A process of its own: n8n-core takes
// seconds to load inside of Jest's module registry, and here it is loaded once for a test file.
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INode,
	INodeType,
	INodeTypes,
	IRun,
	IRunExecutionData,
	ITaskData,
	IVersionedNodeType,
	IWebhookData,
	IWebhookFunctions,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { runCodeNode } from './code-node.ts';
import type {
	CredentialData,
	EngineCall,
	EngineCalls,
	FailedNode,
	HookOptions,
	HookResult,
	NodeOutput,
	NodeRun,
	PackageDescription,
	RunOptions,
	RunResult,
	SearchOptions,
	WebhookOptions,
	WebhookResult,
	WorkflowJson,
} from './engine-protocol.ts';
import {
	type Flatted,
	n8nModules,
	n8nRequire,
	type N8nCore,
	type N8nWorkflow,
	type NodeLoader,
} from './n8n-core.ts';

const load = n8nRequire();
const core: N8nCore = load('n8n-core');
const {
	Workflow: WorkflowClass,
	NodeHelpers,
	createRunExecutionData,
}: N8nWorkflow = load('n8n-workflow');
const flatted: Flatted = load('flatted');

const MODE = 'webhook';

/** An execution between its start and its end; `stored` is what n8n would have in its database. */
interface Execution {
	id: string;
	options: RunOptions;
	stored: { status: 'running' | 'waiting' | 'ended'; data: string; token: string };
	resumed: number;
	ended: PromiseWithResolvers<RunResult>;
}

const executions = new Map<string, Execution>();
const loaders = new Map<string, NodeLoader>();
let waitingUrl = '';

async function loadPackages(packageFolder: string): Promise<void> {
	const own = new core.PackageDirectoryLoader(packageFolder);
	const base = new core.LazyPackageDirectoryLoader(join(n8nModules(), 'n8n-nodes-base'));
	for (const loader of [own, base]) {
		await loader.loadAll();
		loaders.set(loader.packageName, loader);
	}
}

function typeOf(fullName: string): INodeType | IVersionedNodeType {
	const [packageName = '', name = ''] = fullName.split('.');
	const loader = loaders.get(packageName);
	if (!loader) throw new Error(`No package "${packageName}" is loaded for the node ${fullName}`);
	return loader.getNode(name).type;
}

const nodeTypes: INodeTypes = {
	getByName: typeOf,
	getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(typeOf(name), version),
	getKnownTypes: () => ({}),
};

function workflowOf(json: WorkflowJson, staticData?: IDataObject): Workflow {
	const { nodes, connections } = structuredClone(json);
	return new WorkflowClass({
		id: json.id ?? 'test-workflow',
		name: json.name ?? 'Test',
		nodes,
		connections,
		active: true,
		nodeTypes,
		staticData: staticData ?? {},
		settings: json.settings ?? { executionOrder: 'v1' },
	});
}

function authenticated(
	options: IHttpRequestOptions,
	data: ICredentialDataDecryptedObject,
	type: string,
): IHttpRequestOptions {
	const credential = [...loaders.values()]
		.find(({ known }) => type in known.credentials)
		?.getCredential(type).type;
	const authenticate = credential?.authenticate;
	if (typeof authenticate !== 'object') return options;
	const headers = Object.entries(authenticate.properties.headers ?? {}).map(([name, value]) => [
		name,
		String(value)
			.replace(/^=/, '')
			.replace(/\{\{\s*\$credentials\.(\w+)\s*\}\}/g, (_, field: string) => String(data[field])),
	]);
	return { ...options, headers: { ...options.headers, ...Object.fromEntries(headers) } };
}

function additionalDataOf(
	credentials: CredentialData,
	execution: { id: string; hooks?: object } | undefined,
): IWorkflowExecuteAdditionalData {
	const partial = {
		credentialsHelper: {
			getParentTypes: () => [],
			isCredentialUsableByNode: () => true,
			authenticate: async (
				data: ICredentialDataDecryptedObject,
				type: string,
				options: IHttpRequestOptions,
			) => authenticated(options, data, type),
			preAuthentication: async () => undefined,
			runPreAuthentication: async () => undefined,
			getDecrypted: async (_: unknown, __: unknown, type: string) => {
				const data = credentials[type];
				if (data) return data;
				throw new Error(`The test gives no credential of type ${type}`);
			},
			getCredentialsProperties: () => [],
		},
		executionId: execution?.id,
		hooks: execution?.hooks,
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: `${waitingUrl}/rest`,
		instanceBaseUrl: `${waitingUrl}/`,
		formBaseUrl: `${waitingUrl}/form`,
		formWaitingBaseUrl: `${waitingUrl}/form-waiting`,
		formTestBaseUrl: `${waitingUrl}/form-test`,
		webhookBaseUrl: `${waitingUrl}/webhook`,
		webhookWaitingBaseUrl: `${waitingUrl}/webhook-waiting`,
		webhookTestBaseUrl: `${waitingUrl}/webhook-test`,
		mcpBaseUrl: '',
		mcpTestBaseUrl: '',
		logAiEvent: () => undefined,
		setExecutionStatus: () => undefined,
		startRunnerTask: runCodeNode,
	};
	// n8n asks for many services that a run without the server never touches
	return partial as unknown as IWorkflowExecuteAdditionalData;
}

function triggerOf({ nodes }: WorkflowJson): string {
	const trigger = nodes.find(({ type }) => /trigger$/i.test(type));
	if (!trigger) throw new Error('The workflow has no trigger; give startNode.');
	return trigger.name;
}

function nodeNamed(workflow: Workflow, name: string): INode {
	const node = workflow.getNode(name);
	if (!node) throw new Error(`The workflow has no node "${name}"`);
	return node;
}

function binaryOf(files: RunOptions['files']): IDataObject {
	const entries = Object.entries(files ?? {}).map(([name, { base64, ...file }]) => [
		name,
		{ ...file, data: base64 },
	]);
	return entries.length === 0 ? {} : { binary: Object.fromEntries(entries) };
}

async function run(options: RunOptions): Promise<RunResult> {
	const id = String(executions.size + 1);
	const workflow = workflowOf(options.workflow);
	const node = nodeNamed(workflow, options.startNode ?? triggerOf(options.workflow));
	const items = (options.items ?? [{}]).map((json, index) => ({
		json,
		...(index === 0 ? binaryOf(options.files) : {}),
	}));
	const data = createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node, data: { main: [items] }, source: null }] },
	});
	const execution: Execution = {
		id,
		options,
		stored: { status: 'running', data: '', token: String(data.resumeToken) },
		resumed: 0,
		ended: Promise.withResolvers<RunResult>(),
	};
	executions.set(id, execution);
	const limit = options.timeLimit ?? 20_000;
	const timer = setTimeout(() => {
		const state = execution.stored.status;
		execution.ended.reject(new Error(`The run did not end within ${limit} ms: it is ${state}`));
	}, limit);
	try {
		await advance(execution, workflow, data);
		return await execution.ended.promise;
	} finally {
		clearTimeout(timer);
	}
}

/** Runs until the execution ends or waits; a wait is stored as n8n stores it, as text. */
async function advance(
	execution: Execution,
	workflow: Workflow,
	data: IRunExecutionData,
): Promise<void> {
	execution.stored.status = 'running';
	const { id, options } = execution;
	const hooks = new core.ExecutionLifecycleHooks(MODE, id, {
		id: workflow.id,
		name: workflow.name ?? '',
		active: true,
		isArchived: false,
		activeVersionId: null,
		createdAt: new Date(),
		updatedAt: new Date(),
		nodes: Object.values(workflow.nodes),
		connections: workflow.connectionsBySourceNode,
	});
	const additionalData = additionalDataOf(options.credentials ?? {}, { id, hooks });
	const finished = await new core.WorkflowExecute(
		additionalData,
		MODE,
		data,
	).processRunExecutionData(workflow);
	execution.stored.data = flatted.stringify(finished.data);
	if (finished.data.waitTill) {
		execution.stored.status = 'waiting';
		return;
	}
	execution.stored.status = 'ended';
	execution.ended.resolve(resultOf(finished, workflow, execution.resumed));
}

function errorOf(error: unknown): FailedNode | undefined {
	if (typeof error !== 'object' || error === null) return undefined;
	const read = (key: string): unknown => Object.getOwnPropertyDescriptor(error, key)?.value;
	const context = read('context');
	const itemIndex =
		typeof context === 'object' && context !== null && 'itemIndex' in context
			? Number(context.itemIndex)
			: undefined;
	const text = (value: unknown): string | undefined =>
		typeof value === 'string' ? value : undefined;
	return {
		name: String('name' in error ? error.name : ''),
		message: String('message' in error ? error.message : ''),
		description: text(read('description')),
		httpCode: text(read('httpCode')),
		itemIndex,
	};
}

function outputOf(
	item: NonNullable<NonNullable<ITaskData['data']>['main'][number]>[number],
): NodeOutput {
	const files = Object.entries(item.binary ?? {}).map(([name, file]) => [
		name,
		{ base64: file.data, mimeType: file.mimeType, fileName: file.fileName },
	]);
	return {
		json: item.json,
		...(files.length === 0 ? {} : { binary: Object.fromEntries(files) }),
		pairedItem: item.pairedItem,
		error: item.error?.message,
	};
}

function nodeRunOf({ executionStatus, data, error }: ITaskData): NodeRun {
	const outputs = (data?.main ?? []).map((items) => (items ?? []).map(outputOf));
	return { status: executionStatus, outputs, error: errorOf(error) };
}

function resultOf({ data, status }: IRun, workflow: Workflow, resumed: number): RunResult {
	const nodes = Object.entries(data.resultData.runData).map(([name, runs]) => [
		name,
		runs.map(nodeRunOf),
	]);
	return {
		status,
		error: errorOf(data.resultData.error),
		nodes: Object.fromEntries(nodes),
		resumed,
		staticData: workflow.staticData,
	};
}

/** Does for one waiting execution what n8n's `/webhook-waiting` does. */
async function resume(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const body = await bodyOf(request);
	const url = new URL(request.url ?? '/', waitingUrl);
	const execution = executions.get(url.pathname.split('/').pop() ?? '');
	const refuse = (status: number): void => void response.writeHead(status).end('{}');
	if (!execution) return refuse(404);
	if (url.searchParams.get('signature') !== execution.stored.token) return refuse(401);
	if (execution.stored.status !== 'waiting') return refuse(409);

	const data = flatted.parse(execution.stored.data) as IRunExecutionData;
	const entry = data.executionData?.nodeExecutionStack[0];
	const name = data.resultData.lastNodeExecuted ?? '';
	if (!entry) return refuse(404);
	entry.node.disabled = true;
	delete data.waitTill;
	data.resultData.runData[name]?.pop();
	const workflow = workflowOf(execution.options.workflow);
	const result = await callWebhook(workflow, nodeNamed(workflow, name), {
		credentials: execution.options.credentials ?? {},
		headers: request.headers,
		query: Object.fromEntries(url.searchParams),
		body,
		data,
		executionId: execution.id,
	});
	if (!response.writableEnded) {
		response.writeHead(result.status).end(JSON.stringify(result.body ?? {}));
	}
	if (!result.workflowData || execution.stored.status !== 'waiting') return;
	execution.resumed += 1;
	entry.data.main = result.workflowData;
	entry.metadata = { ...entry.metadata, forwardAllOutputs: true };
	await advance(execution, workflow, data);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

interface Delivery {
	credentials: CredentialData;
	headers: IncomingMessage['headers'];
	query: Record<string, string>;
	body: Buffer;
	data: IRunExecutionData | null;
	executionId?: string;
}

/** Calls a node's `webhook()` with a request and an answer as small as nodes use them. */
async function callWebhook(workflow: Workflow, node: INode, delivery: Delivery) {
	const answer = { status: 200, body: undefined as unknown };
	const response = {
		status(code: number) {
			answer.status = code;
			return response;
		},
		json(body: unknown) {
			answer.body = body;
			return response;
		},
	};
	const { headers, query, body, credentials, executionId } = delivery;
	const additionalData = additionalDataOf(
		credentials,
		executionId === undefined ? undefined : { id: executionId },
	);
	Object.assign(additionalData, {
		httpRequest: { headers, query, rawBody: body, body: JSON.parse(String(body)), params: {} },
		httpResponse: response,
	});
	const type = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const context = new core.WebhookContext(
		workflow,
		node,
		additionalData,
		MODE,
		webhookOf(workflow, node, additionalData),
		[],
		delivery.data,
	) as IWebhookFunctions;
	const result = await type.webhook?.call(context);
	return {
		...answer,
		body: answer.body ?? result?.webhookResponse,
		workflowData: result?.workflowData,
	};
}

function webhookOf(
	workflow: Workflow,
	node: INode,
	additionalData: IWorkflowExecuteAdditionalData,
): IWebhookData {
	const type = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const [webhookDescription] = type.description.webhooks ?? [];
	if (!webhookDescription) throw new Error(`The node "${node.name}" has no webhook`);
	return {
		httpMethod: 'POST',
		node: node.name,
		path: '',
		webhookDescription,
		workflowId: workflow.id,
		workflowExecuteAdditionalData: additionalData,
	};
}

async function webhook(options: WebhookOptions): Promise<WebhookResult> {
	const workflow = workflowOf(options.workflow, options.staticData);
	const result = await callWebhook(workflow, nodeNamed(workflow, options.node), {
		credentials: options.credentials ?? {},
		headers: options.headers,
		query: {},
		body: Buffer.from(options.body),
		data: null,
	});
	return {
		status: result.status,
		body: result.body,
		items: result.workflowData?.[0]?.map(({ json }) => json),
		staticData: workflow.staticData,
	};
}

async function hook(options: HookOptions): Promise<HookResult> {
	const workflow = workflowOf(options.workflow, options.staticData);
	const node = nodeNamed(workflow, options.node);
	const additionalData = additionalDataOf(options.credentials ?? {}, undefined);
	const context = new core.HookContext(
		workflow,
		node,
		additionalData,
		MODE,
		'activate',
		webhookOf(workflow, node, additionalData),
	);
	const type = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const method = type.webhookMethods?.default?.[options.method];
	const result = await method?.call(context as ThisParameterType<typeof method>);
	const url = (context as { getNodeWebhookUrl(name: string): string }).getNodeWebhookUrl('default');
	return { result: result === true, staticData: workflow.staticData, webhookUrl: url };
}

async function search(options: SearchOptions): Promise<unknown> {
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

async function describe(): Promise<PackageDescription> {
	const own = loaders.get('n8n-nodes-autopilot');
	const nodes = Object.keys(own?.known.nodes ?? {}).map((name) => {
		const type = typeOf(`n8n-nodes-autopilot.${name}`);
		return [`n8n-nodes-autopilot.${name}`, type.description];
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

const calls: {
	[Call in EngineCall]: (
		options: EngineCalls[Call]['options'],
	) => Promise<EngineCalls[Call]['result']>;
} = { run, webhook, hook, search, describe };

const server = createServer((request, response) => {
	resume(request, response).catch((error: unknown) => {
		response.writeHead(500).end(String(error));
	});
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
waitingUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
await loadPackages(process.argv[2] ?? '');

process.on('message', (message: { id: number; call: EngineCall; options: never }) => {
	calls[message.call](message.options).then(
		(result) => process.send?.({ id: message.id, result }),
		(error: unknown) => process.send?.({ id: message.id, error: String(error) }),
	);
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
