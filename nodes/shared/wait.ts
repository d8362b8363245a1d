import { createHash } from 'node:crypto';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeApiError, sleep, WAIT_INDEFINITELY } from 'n8n-workflow';

import { answerOnly, deliveryOf } from './delivery.ts';
import { errorItem, isObject, textOf } from './problem.ts';
import { findOperation } from './properties.ts';
import type { ServiceCaller } from './request.ts';
import { getObject } from './request.ts';
import { failResumedNode } from './resume.ts';
import type { LongJob, Service } from './service.ts';
import { refusalOf } from './signature.ts';

/** A command that was taken and whose work goes on in the service. */
export interface StartedJob {
	itemIndex: number;
	id: string;
	answer: IDataObject;
	/** The service took the call-back along with the command. */
	accepted: boolean;
}

/** Commands of one run of the node, and the error items of those that were refused. */
interface JobRun {
	job: LongJob;
	started: StartedJob[];
	output: INodeExecutionData[];
}

/** What `webhook()` has to know about a wait; kept with the execution. */
interface Waiting {
	group: string;
	jobs: { itemIndex: number; id: string }[];
}

type WaitMode = 'resumeUrl' | 'poll' | 'none';

const CONTEXT_KEY = 'autopilotWait';
const FALLBACK_INTERVAL = 5;
const FALLBACK_MINUTES = 120;

/** An AI agent's tool call cannot be put to wait, so it polls. */
function waitMode(context: IExecuteFunctions): WaitMode {
	const mode = context.getNodeParameter('waitForCompletion', 0, 'resumeUrl');
	if (mode === 'none' || mode === 'poll') return mode;
	return context.isToolExecution() ? 'poll' : 'resumeUrl';
}

/** Tells the waits of one execution apart: n8n gives all of them the same resume URL. */
function groupOf(context: IExecuteFunctions): string {
	const { id, name } = context.getNode();
	return `${id || name}-${Number(context.evaluateExpression('{{ $runIndex }}', 0))}`;
}

/**
 * The call-back of a command, or undefined where the node doesn't wait by resume URL. All items of
 * a run share one URL, and the service calls it once, when all of their jobs have ended.
 */
export function callbackOf(
	context: IExecuteFunctions,
	itemIndex: number,
): { url: string; count: number } | undefined {
	if (waitMode(context) !== 'resumeUrl') return undefined;
	const url = new URL(String(context.evaluateExpression('{{ $execution.resumeUrl }}', itemIndex)));
	url.searchParams.set('wait', groupOf(context));
	return { url: url.toString(), count: context.getInputData().length };
}

/**
 * Waits, in the way the node is set to, and gives one item per command. Where the service will not
 * call back (a command was refused, or its work was known before) the node looks for itself.
 */
export async function waitForJobs(
	context: IExecuteFunctions,
	service: Service,
	run: JobRun,
): Promise<INodeExecutionData[][]> {
	const mode = waitMode(context);
	if (mode === 'none') {
		const items = run.started.map(({ answer, itemIndex }) => itemOf(answer, itemIndex));
		return [inOrder([...run.output, ...items])];
	}
	const complete = run.started.length === context.getInputData().length;
	if (mode === 'resumeUrl' && complete && run.started.every(({ accepted }) => accepted)) {
		const jobs = run.started.map(({ id, itemIndex }) => ({ id, itemIndex }));
		const waiting: Waiting = { group: groupOf(context), jobs };
		context.getContext('node')[CONTEXT_KEY] = waiting;
		await context.putExecutionToWait(WAIT_INDEFINITELY);
		return [context.getInputData()];
	}
	return [await pollJobs(context, service, run)];
}

async function pollJobs(
	context: IExecuteFunctions,
	service: Service,
	{ job, started, output }: JobRun,
): Promise<INodeExecutionData[]> {
	const polls = waitMode(context) === 'poll';
	const seconds = polls ? context.getNodeParameter('pollInterval', 0) : FALLBACK_INTERVAL;
	const minutes = polls ? context.getNodeParameter('pollTimeLimit', 0) : FALLBACK_MINUTES;
	const deadline = Date.now() + Number(minutes) * 60_000;
	const items = [...output];
	for (const { id, itemIndex } of started) {
		let thing = await loadJob(context, service, job, { id, itemIndex });
		while (job.state(thing) === 'running' && Date.now() < deadline) {
			await sleep(Number(seconds) * 1000);
			if (context.getExecutionCancelSignal()?.aborted) return items;
			thing = await loadJob(context, service, job, { id, itemIndex });
		}
		const failure = jobError(context, job, { thing, itemIndex });
		if (failure && !context.continueOnFail()) throw failure;
		items.push(failure ? errorItem(failure, itemIndex) : itemOf(thing, itemIndex));
	}
	return inOrder(items);
}

async function loadJob(
	caller: ServiceCaller,
	service: Service,
	job: LongJob,
	{ id, itemIndex }: { id: string; itemIndex: number },
): Promise<IDataObject> {
	return await job.load(id, async (path) => await getObject(caller, service, path, { itemIndex }));
}

function itemOf(json: IDataObject, itemIndex: number): INodeExecutionData {
	return { json, pairedItem: { item: itemIndex } };
}

const indexOf = ({ pairedItem }: INodeExecutionData): number =>
	isObject(pairedItem) && typeof pairedItem.item === 'number' ? pairedItem.item : 0;

function inOrder(items: INodeExecutionData[]): INodeExecutionData[] {
	return items.sort((a, b) => indexOf(a) - indexOf(b));
}

/** The error of work that did not succeed in time, or undefined. */
function jobError(
	caller: ServiceCaller,
	job: LongJob,
	{ thing, itemIndex }: { thing: IDataObject; itemIndex: number },
): NodeApiError | undefined {
	const state = job.state(thing);
	if (state === 'succeeded') return undefined;
	const { reason, advice } = job.failure(thing);
	const endings = { failed: 'failed', cancelled: 'was cancelled', running: 'is not finished yet' };
	const why =
		state === 'running'
			? 'The time limit of the node was reached. The work goes on; raise "Time Limit (Minutes)".'
			: advice;
	return new NodeApiError(
		caller.getNode(),
		{ message: reason },
		{
			message: `The ${job.noun} ${endings[state]}${reason ? `: ${reason}` : ''}`,
			description: why,
			itemIndex,
		},
	);
}

/**
 * The call-back of a service: let in by the URL's token (checked by n8n) and its signature. What it
 * says is read again from the service, so the output is the same in every mode. Until all of the
 * jobs have ended the execution stays asleep and the service is told to call again.
 */
export async function resumeService(
	context: IWebhookFunctions,
	service: Service,
): Promise<IWebhookResponseData> {
	const resource = String(context.getNodeParameter('resource'));
	const job = findOperation(service, resource, String(context.getNodeParameter('operation')))?.job;
	const refusal = refusalOf(deliveryOf(context), await callbackSecret(context, service));
	if (refusal !== undefined) return answerOnly(context, 401, refusal);
	const waiting = readWaiting(context);
	const body: unknown = context.getBodyData();
	if (!job || !waiting || !isObject(body) || body.type !== 'jobs.finished') {
		return answerOnly(context, 400, 'This is not the call-back this node waits for.');
	}
	if (context.getRequestObject().query.wait !== waiting.group) {
		return answerOnly(context, 200, 'An earlier wait of this execution; it is over already.');
	}
	const items: INodeExecutionData[] = [];
	for (const { id, itemIndex } of waiting.jobs) {
		let thing: IDataObject;
		try {
			thing = await loadJob(context, service, job, { id, itemIndex });
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			context.logger.warn(`Finished ${job.noun} could not be read: ${reason}`, { id });
			return answerOnly(context, 503, 'The result could not be read. Call again later.');
		}
		if (job.state(thing) === 'running') {
			return answerOnly(context, 409, `The ${job.noun} has not ended yet. Call again later.`);
		}
		const failure = jobError(context, job, { thing, itemIndex });
		if (failure && !continuesOnFail(context)) return failResumedNode(context, failure);
		items.push(failure ? errorItem(failure, itemIndex) : itemOf(thing, itemIndex));
	}
	return { workflowData: [items] };
}

/** Services sign call-backs with what both sides know: the SHA-256 of the API key that asked. */
async function callbackSecret(context: IWebhookFunctions, service: Service): Promise<string> {
	const { apiKey } = await context.getCredentials(service.credential);
	return createHash('sha256').update(String(apiKey)).digest('base64');
}

function continuesOnFail(context: IWebhookFunctions): boolean {
	const { continueOnFail, onError } = context.getNode();
	return onError === undefined ? continueOnFail === true : onError !== 'stopWorkflow';
}

/** The wait that `execute()` left in the node's context of this execution. */
function readWaiting(context: IWebhookFunctions): Waiting | undefined {
	const name = JSON.stringify(context.getNode().name);
	const stored: unknown = context.evaluateExpression(
		`{{ JSON.stringify($node[${name}].context.${CONTEXT_KEY}) }}`,
	);
	const text = textOf(stored);
	if (text === undefined) return undefined;
	const waiting: unknown = JSON.parse(text);
	if (!isObject(waiting) || !Array.isArray(waiting.jobs)) return undefined;
	const jobs = waiting.jobs.filter(isObject).map(({ id, itemIndex }) => ({
		id: String(id),
		itemIndex: Number(itemIndex),
	}));
	return { group: String(waiting.group), jobs };
}
