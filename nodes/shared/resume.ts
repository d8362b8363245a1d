import { createHash } from 'node:crypto';
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { answerOnly, deliveryOf } from './delivery.ts';
import { failResumedNode } from './failResumedNode.ts';
import { itemOf, jobError, loadJob } from './job.ts';
import { errorItem, isObject, textOf } from './problem.ts';
import { findOperation } from './properties.ts';
import type { Service } from './service.ts';
import { refusalOf } from './signature.ts';
import { CONTEXT_KEY, type Waiting } from './wait.ts';

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
	if (!job || !waiting || !isObject(body) || body.type !== (job.event ?? 'jobs.finished')) {
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
