import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep, WAIT_INDEFINITELY } from 'n8n-workflow';

import type { StartedJob } from './job.ts';
import { inOrder, itemOf, jobError, loadJob } from './job.ts';
import { errorItem } from './problem.ts';
import type { LongJob, Service } from './service.ts';
import { continuesOnFail, isTool } from './tool.ts';

/** Commands of one run of the node, and the error items of those that were refused. */
interface JobRun {
	job: LongJob;
	started: StartedJob[];
	output: INodeExecutionData[];
}

/** What `webhook()` has to know about a wait; kept with the execution. */
export interface Waiting {
	group: string;
	jobs: { itemIndex: number; id: string }[];
}

type WaitMode = 'resumeUrl' | 'poll' | 'none';

/** Where a `Waiting` lies in the node's context of an execution. */
export const CONTEXT_KEY = 'autopilotWait';
/** An agent, and who asked it, waits meanwhile. */
const FALLBACK_INTERVAL = 2;
const FALLBACK_MINUTES = 120;

/** An AI agent's tool call polls: put to wait, the whole agent would end without an answer. */
function waitMode(context: IExecuteFunctions): WaitMode {
	const mode = context.getNodeParameter('waitForCompletion', 0, 'resumeUrl');
	if (mode === 'none' || mode === 'poll') return mode;
	return isTool(context) ? 'poll' : 'resumeUrl';
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
	if (mode === 'resumeUrl') {
		context.addExecutionHints({
			message: `The service does not call back for all of the items, so the node asked for each ${run.job.noun} itself.`,
			location: 'outputPane',
		});
	}
	return [await pollJobs(context, service, run)];
}

async function pollJobs(
	context: IExecuteFunctions,
	service: Service,
	{ job, started, output }: JobRun,
): Promise<INodeExecutionData[]> {
	// not shown, and so without a value, where the node polls although it is set to the resume URL
	const seconds = context.getNodeParameter('pollInterval', 0, FALLBACK_INTERVAL);
	const minutes = context.getNodeParameter('pollTimeLimit', 0, FALLBACK_MINUTES);
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
		if (failure && !continuesOnFail(context)) throw failure;
		items.push(failure ? errorItem(failure, itemIndex) : itemOf(thing, itemIndex));
	}
	return inOrder(items);
}
