import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { isObject } from './problem.ts';
import type { ServiceCaller } from './request.ts';
import { getObject } from './request.ts';
import type { LongJob, Service } from './service.ts';

/** A command that was taken and whose work goes on in the service. */
export interface StartedJob {
	itemIndex: number;
	id: string;
	answer: IDataObject;
	/** The service took the call-back along with the command. */
	accepted: boolean;
}

/** The thing under way, as the service knows it now. */
export async function loadJob(
	caller: ServiceCaller,
	service: Service,
	job: LongJob,
	{ id, itemIndex }: { id: string; itemIndex: number },
): Promise<IDataObject> {
	return await job.load(id, async (path) => await getObject(caller, service, path, { itemIndex }));
}

export function itemOf(json: IDataObject, itemIndex: number): INodeExecutionData {
	return { json, pairedItem: { item: itemIndex } };
}

const indexOf = ({ pairedItem }: INodeExecutionData): number =>
	isObject(pairedItem) && typeof pairedItem.item === 'number' ? pairedItem.item : 0;

/** Items in the order of the items they were made from. */
export function inOrder(items: INodeExecutionData[]): INodeExecutionData[] {
	return items.sort((a, b) => indexOf(a) - indexOf(b));
}

/** The error of work that did not succeed in time, or undefined. */
export function jobError(
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
