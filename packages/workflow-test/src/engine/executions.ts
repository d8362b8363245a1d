import type { IDataObject, IRun, IRunExecutionData, Workflow } from 'n8n-workflow';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { additionalDataOf } from './additional-data.ts';
import { core, flatted, n8nWorkflow } from './modules.ts';
import { loadFor } from './node-types.ts';
import type { RunOptions, RunResult, WorkflowJson } from './protocol.ts';
import { errorOf, nodeRunsOf } from './results.ts';
import { withStandIns } from './stand-ins.ts';
import { callWorkflow } from './sub-workflows.ts';
import { callWebhook, MODE } from './webhooks.ts';
import { currentWorld, openWorld, type World, worlds } from './world.ts';
import { nodeNamed, triggerOf, workflowOf } from './workflows.ts';

/** An execution between its start and its end; `stored` is what n8n would have in its database. */
interface Execution {
	id: string;
	options: RunOptions;
	workflow: WorkflowJson;
	world: World | undefined;
	stored: { status: 'running' | 'waiting' | 'ended'; data: string; token: string };
	staticData: IDataObject;
	resumed: number;
	startedAt: number;
	ended: PromiseWithResolvers<RunResult>;
}

const executions = new Map<string, Execution>();
let count = 0;

/** Waits of which n8n knows no end are that far away. */
const FOREVER = new Date('2900-01-01');

function binaryOf(files: RunOptions['files']): IDataObject {
	const entries = Object.entries(files ?? {}).map(([name, { base64, ...file }]) => [
		name,
		{ ...file, data: base64 },
	]);
	return entries.length === 0 ? {} : { binary: Object.fromEntries(entries) };
}

export async function run(options: RunOptions): Promise<RunResult> {
	count += 1;
	const id = String(count);
	const world = options.world === undefined ? undefined : openWorld(id, options.world);
	const json =
		world === undefined ? options.workflow : withStandIns(options.workflow, world.options.nodes);
	await loadFor(json);
	const workflow = workflowOf(json, options.staticData);
	const node = nodeNamed(workflow, options.startNode ?? triggerOf(options.workflow));
	const items = (options.items ?? [{}]).map((given, index) => ({
		json: given,
		...(index === 0 ? binaryOf(options.files) : {}),
	}));
	const data = n8nWorkflow.createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node, data: { main: [items] }, source: null }] },
	});
	const execution: Execution = {
		...{ id, options, workflow: json, world, staticData: options.staticData ?? {} },
		stored: { status: 'running', data: '', token: String(data.resumeToken) },
		resumed: 0,
		startedAt: performance.now(),
		ended: Promise.withResolvers<RunResult>(),
	};
	executions.set(id, execution);
	const limit = options.timeLimit ?? 60_000;
	const timer = setTimeout(() => {
		const state = execution.stored.status;
		execution.ended.reject(new Error(`The run did not end within ${limit} ms: it is ${state}`));
	}, limit);
	try {
		const advanced = () => advance(execution, workflow, data);
		await (world === undefined ? advanced() : currentWorld.run(world, advanced));
		return await execution.ended.promise;
	} finally {
		clearTimeout(timer);
		// A service may still call the URL of an execution without a world; others are over.
		if (world !== undefined) executions.delete(id);
		worlds.delete(id);
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
	const credentials = options.credentials ?? {};
	const executeWorkflow = callWorkflow(credentials);
	const additionalData = additionalDataOf(credentials, { id, hooks, executeWorkflow });
	const finished = await new core.WorkflowExecute(
		additionalData,
		MODE,
		data,
	).processRunExecutionData(workflow);
	execution.staticData = workflow.staticData;
	if (!finished.data.waitTill) {
		execution.stored.status = 'ended';
		execution.ended.resolve(resultOf(execution, finished));
		return;
	}
	execution.stored.data = flatted.stringify(finished.data);
	execution.stored.status = 'waiting';
	if (execution.world !== undefined) await goOn(execution, finished, execution.world);
}

/** In a closed world: what an execution waits for happens at once, or never. */
async function goOn(
	execution: Execution,
	waiting: IRun,
	{ callBacks, options }: World,
): Promise<void> {
	const { id, stored } = execution;
	const name = waiting.data.resultData.lastNodeExecuted ?? '';
	const next = callBacks.shift();
	if (next !== undefined) {
		const body = JSON.stringify({ timestamp: new Date().toISOString(), ...messageOf(next.body) });
		const query = Object.fromEntries(new URL(next.url).searchParams);
		const { status } = await resume(id, {
			headers: signed(body, next.apiKey),
			query,
			body: Buffer.from(body),
		});
		if (status >= 400)
			execution.ended.reject(new Error(`"${name}" refused its call-back with ${status}`));
		return;
	}
	if (Object.hasOwn(options.resume, name)) {
		const body = Buffer.from(JSON.stringify(options.resume[name]));
		const headers = { 'content-type': 'application/json' };
		await resume(id, { headers, query: { signature: stored.token }, body });
		return;
	}
	const { waitTill } = waiting.data;
	if (waitTill !== undefined && waitTill < FOREVER) {
		const { workflow, data } = woken(execution);
		return await advance(execution, workflow, data);
	}
	execution.ended.resolve(resultOf(execution, waiting));
}

/** A message of a service: as given with type and data, else the one that says that jobs have ended. */
function messageOf(body: unknown): object {
	const isMessage = typeof body === 'object' && body !== null && 'type' in body && 'data' in body;
	return isMessage ? body : { type: 'jobs.finished', data: body };
}

/** A waiting execution as n8n takes it up again: the node that waited lets its items through. */
function woken({ stored, workflow: json, staticData }: Execution) {
	const data = flatted.parse(stored.data) as IRunExecutionData;
	const [entry] = data.executionData?.nodeExecutionStack ?? [];
	const name = data.resultData.lastNodeExecuted ?? '';
	if (!entry) throw new Error(`"${name}" waits and has nothing to go on with`);
	entry.node.disabled = true;
	delete data.waitTill;
	data.resultData.runData[name]?.pop();
	return { data, entry, name, workflow: workflowOf(json, staticData) };
}

/** Does for one waiting execution what n8n's `/webhook-waiting` does. */
export async function resume(
	id: string,
	{
		headers,
		query,
		body,
	}: { headers: IncomingHttpHeaders; query: Record<string, string>; body: Buffer },
	answered: (status: number, body: unknown) => void = () => undefined,
): Promise<{ status: number }> {
	const execution = executions.get(id);
	const refused = refusal(execution, query);
	if (execution === undefined || refused !== undefined) {
		answered(refused ?? 404, {});
		return { status: refused ?? 404 };
	}
	const { data, entry, name, workflow } = woken(execution);
	const result = await callWebhook(workflow, nodeNamed(workflow, name), {
		...{ headers, query, body, data, executionId: id },
		credentials: execution.options.credentials ?? {},
	});
	answered(result.status, result.body ?? {});
	if (!result.workflowData || execution.stored.status !== 'waiting')
		return { status: result.status };
	execution.resumed += 1;
	entry.data.main = result.workflowData;
	entry.metadata = { ...entry.metadata, forwardAllOutputs: true };
	await advance(execution, workflow, data);
	return { status: result.status };
}

function refusal(
	execution: Execution | undefined,
	query: Record<string, string>,
): number | undefined {
	if (execution === undefined) return 404;
	if (query['signature'] !== execution.stored.token) return 401;
	return execution.stored.status === 'waiting' ? undefined : 409;
}

function resultOf({ resumed, world, startedAt, staticData }: Execution, finished: IRun): RunResult {
	const { error, lastNodeExecuted } = finished.data.resultData;
	const failed = errorOf(error);
	return {
		status: finished.data.waitTill ? 'waiting' : finished.status,
		error: failed && { ...failed, node: failed.node ?? lastNodeExecuted },
		nodes: nodeRunsOf(finished),
		...{ resumed, staticData },
		requests: world?.requests ?? [],
		parameters: world?.parameters ?? {},
		called: world?.called ?? [],
		tookMs: performance.now() - startedAt,
	};
}

/** Headers of a message by Standard Webhooks, with the secret that follows from an API key. */
function signed(body: string, apiKey: string): IncomingHttpHeaders {
	const secret = createHash('sha256').update(apiKey).digest();
	const [id, seconds] = [`msg_${randomUUID()}`, Math.floor(Date.now() / 1000)];
	const signature = createHmac('sha256', secret)
		.update(`${id}.${seconds}.${body}`)
		.digest('base64');
	return {
		'content-type': 'application/json',
		'webhook-id': id,
		'webhook-timestamp': String(seconds),
		'webhook-signature': `v1,${signature}`,
	};
}
