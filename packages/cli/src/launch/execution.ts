import type { N8nApi } from '@autopilot/stack';
import { z } from 'zod';

const runSchema = z.looseObject({
	startTime: z.number(),
	executionTime: z.number().default(0),
	executionStatus: z.string().optional(),
	error: z.looseObject({ message: z.string() }).optional(),
	data: z
		.looseObject({
			main: z.array(z.array(z.looseObject({ json: z.looseObject({}) })).nullable()).optional(),
		})
		.optional(),
});

const executionSchema = z.looseObject({
	id: z.coerce.string(),
	status: z.string(),
	data: z
		.looseObject({
			resultData: z.looseObject({
				runData: z.record(z.string(), z.array(runSchema)).default({}),
				error: z.looseObject({ message: z.string() }).optional(),
				lastNodeExecuted: z.string().optional(),
			}),
		})
		.optional(),
});

const workflowSchema = z.looseObject({
	id: z.string(),
	name: z.string(),
	nodes: z.array(z.looseObject({ name: z.string(), type: z.string() })),
	connections: z.record(
		z.string(),
		z.looseObject({
			main: z.array(z.array(z.looseObject({ node: z.string() })).nullable()).optional(),
		}),
	),
});

export type Workflow = z.infer<typeof workflowSchema>;

/** One node of an execution as it is now. */
export interface NodeRun {
	node: string;
	type: string;
	state: 'done' | 'failed' | 'waiting';
	startedAt: number;
	endedAt: number;
	error: string | undefined;
	/** Which of its outputs have items: a branch without is not taken. */
	outputs: boolean[];
	/** The JSON of the items it put out, all outputs together. */
	items: Record<string, unknown>[];
}

export interface Execution {
	id: string;
	/** n8n's own word: new, running, waiting, success, error, canceled, crashed. */
	status: string;
	ended: boolean;
	error: string | undefined;
	/** In the order in which they began. */
	runs: NodeRun[];
	/** The nodes that n8n is at or comes to next, as far as its records tell. */
	current: string[];
}

const ENDED = new Set(['success', 'error', 'canceled', 'crashed']);

export async function readWorkflow(n8n: N8nApi, id: string): Promise<Workflow> {
	return await n8n.request(workflowSchema, `/workflows/${encodeURIComponent(id)}`);
}

/** Ids of the latest executions of a workflow, the newest first. */
export async function listExecutions(n8n: N8nApi, workflowId: string): Promise<string[]> {
	const { data } = await n8n.request(
		z.looseObject({ data: z.array(z.looseObject({ id: z.coerce.string() })) }),
		`/executions?workflowId=${encodeURIComponent(workflowId)}&limit=20`,
	);
	return data.map(({ id }) => id);
}

export async function readExecution(
	n8n: N8nApi,
	workflow: Workflow,
	id: string,
): Promise<Execution> {
	const execution = await n8n.request(executionSchema, `/executions/${id}?includeData=true`);
	const result = execution.data?.resultData;
	const types = new Map(workflow.nodes.map(({ name, type }) => [name, type]));
	const runs = Object.entries(result?.runData ?? {})
		.map(([node, all]) => describeRun(node, types.get(node) ?? '', all))
		.filter((run) => run !== undefined)
		.sort((one, other) => one.startedAt - other.startedAt);
	const ended = ENDED.has(execution.status);
	return {
		...{ id, status: execution.status, ended, runs },
		error: result?.error?.message,
		current: ended ? [] : currentNodes(workflow, runs),
	};
}

function describeRun(
	node: string,
	type: string,
	all: z.infer<typeof runSchema>[],
): NodeRun | undefined {
	const last = all.at(-1);
	if (last === undefined) return undefined;
	const failed = last.error !== undefined || last.executionStatus === 'error';
	const waiting = last.executionStatus === 'waiting' || last.executionStatus === 'running';
	return {
		...{ node, type },
		state: failed ? 'failed' : waiting ? 'waiting' : 'done',
		startedAt: all[0]?.startTime ?? last.startTime,
		endedAt: last.startTime + last.executionTime,
		error: last.error?.message,
		outputs: (last.data?.main ?? []).map((output) => (output ?? []).length > 0),
		items: all
			.flatMap(({ data }) => (data?.main ?? []).flatMap((output) => output ?? []))
			.map(({ json }) => json),
	};
}

/** Nodes that wait, or that follow a finished one which sent items their way and have not begun. */
export function currentNodes(workflow: Pick<Workflow, 'connections'>, runs: NodeRun[]): string[] {
	const waiting = runs.filter(({ state }) => state === 'waiting').map(({ node }) => node);
	if (waiting.length > 0) return waiting;
	const begun = new Set(runs.map(({ node }) => node));
	const next = runs.flatMap(({ node, outputs }) =>
		(workflow.connections[node]?.main ?? []).flatMap((targets, output) =>
			outputs[output] ? (targets ?? []) : [],
		),
	);
	return [...new Set(next.map(({ node }) => node))].filter((node) => !begun.has(node));
}
