import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { headersOf } from './command.ts';
import { downloadItem } from './download.ts';
import { itemInput } from './input.ts';
import type { StartedJob } from './job.ts';
import { pageOf, readPages } from './pages.ts';
import { errorItem, isObject, nodeErrorOf } from './problem.ts';
import { findOperation } from './properties.ts';
import { callService } from './request.ts';
import type { LongJob, Operation, Service, ServiceRequest } from './service.ts';
import { continuesOnFail, isTool } from './tool.ts';
import { callbackOf, waitForJobs } from './wait.ts';

/** One item's call, ready to be sent. */
interface ItemCall {
	request: ServiceRequest;
	headers: IDataObject;
	ownKey: boolean;
	itemIndex: number;
}

/** A model takes an empty answer for a tool that does not work. */
const nothing = (): INodeExecutionData => ({
	json: { result: 'Nothing was found.' },
	pairedItem: { item: 0 },
});

/**
 * Runs the operation a node is set to, once per input item. An item that fails becomes an error
 * item where the node continues on fail; otherwise the execution stops with the item's error.
 */
export async function runService(
	context: IExecuteFunctions,
	service: Service,
): Promise<INodeExecutionData[][]> {
	const operation = operationOf(context, service);
	const items = context.getInputData();
	const output: INodeExecutionData[] = [];
	const started: StartedJob[] = [];
	const used = new Set<string>();
	for (let itemIndex = 0; itemIndex < items.length; itemIndex++) {
		try {
			const request = await operation.request(itemInput(context, operation, itemIndex));
			const call = { request, itemIndex, ...headersOf(context, { operation, itemIndex, used }) };
			if (operation.job) started.push(await start(context, service, operation.job, call));
			else output.push(...(await perform(context, service, operation, call)));
		} catch (error) {
			const failure = nodeErrorOf(context, error, itemIndex);
			if (!continuesOnFail(context)) throw failure;
			output.push(errorItem(failure, itemIndex));
		}
	}
	if (isTool(context) && output.length === 0 && started.length === 0) return [[nothing()]];
	if (!operation.job || started.length === 0) return [output];
	return await waitForJobs(context, service, { job: operation.job, started, output });
}

function operationOf(context: IExecuteFunctions, service: Service): Operation {
	const resource = String(context.getNodeParameter('resource', 0));
	const value = String(context.getNodeParameter('operation', 0));
	const operation = findOperation(service, resource, value);
	if (operation) return operation;
	throw new NodeOperationError(
		context.getNode(),
		`${service.name} has no operation "${value}" on "${resource}"`,
		{ description: 'Open the node and choose a resource and an operation.' },
	);
}

/** Sends a command whose work ends later. */
async function start(
	context: IExecuteFunctions,
	service: Service,
	job: LongJob,
	{ request, headers, ownKey, itemIndex }: ItemCall,
): Promise<StartedJob> {
	const callback = callbackOf(context, itemIndex);
	const body = { ...(isObject(request.body) ? request.body : {}), ...(callback && { callback }) };
	const sent = await callService(context, service, { ...request, body }, { headers, itemIndex });
	const answer = isObject(sent.body) ? sent.body : {};
	const replayed = sent.headers['idempotency-replayed'] !== undefined;
	return {
		itemIndex,
		id: job.id(answer),
		answer,
		// 200: the work was known before; replayed by an own key: another execution asked for it
		accepted: sent.status === 202 && !(ownKey && replayed),
	};
}

/** Sends a call that is answered at once, and makes items of the answer. */
async function perform(
	context: IExecuteFunctions,
	service: Service,
	{ answer }: Operation,
	call: ItemCall,
): Promise<INodeExecutionData[]> {
	const { request, headers, itemIndex } = call;
	const pairedItem = { item: itemIndex };
	if (answer === 'file') return [await downloadItem(context, service, call)];
	if (answer === 'pages') {
		const all = context.getNodeParameter('returnAll', itemIndex) === true;
		const limit = all ? {} : { limit: Number(context.getNodeParameter('limit', itemIndex)) };
		const found = await readPages(context, service, request, { ...limit, headers, itemIndex });
		return found.map((json) => ({ json, pairedItem }));
	}
	const { body } = await callService(context, service, request, { headers, itemIndex });
	if (answer === 'list') return pageOf(body).entries.map((json) => ({ json, pairedItem }));
	const done = request.method === 'DELETE' ? { deleted: true } : { success: true };
	const json = isObject(body) && Object.keys(body).length > 0 ? body : done;
	return [{ json, pairedItem }];
}
