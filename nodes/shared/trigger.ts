import type {
	IDataObject,
	IHookFunctions,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { jsonParse, NodeApiError } from 'n8n-workflow';

import { answerOnly, deliveryOf } from './delivery.ts';
import { readPages } from './pages.ts';
import { isObject, textOf } from './problem.ts';
import { callService } from './request.ts';
import type { ServiceAccess } from './service.ts';
import { refusalOf } from './signature.ts';

const ENDPOINTS = '/api/v1/webhook-endpoints';

/** How many message ids are remembered to drop messages that are delivered twice. */
const REMEMBERED = 200;

function eventsOf(context: IHookFunctions | IWebhookFunctions): string[] {
	const events = context.getNodeParameter('events');
	return Array.isArray(events) ? events.map(String).sort() : [];
}

function endpointPath(id: string): string {
	return `${ENDPOINTS}/${encodeURIComponent(id)}`;
}

/** True when the service still has the endpoint that was made for this node, as it is now. */
export async function endpointExists(
	context: IHookFunctions,
	service: ServiceAccess,
): Promise<boolean> {
	const data = context.getWorkflowStaticData('node');
	const id = textOf(data.endpointId);
	if (id === undefined || textOf(data.secret) === undefined) return false;
	const { status, body } = await callService(
		context,
		service,
		{ method: 'GET', path: endpointPath(id) },
		{ accept: 404 },
	);
	if (status === 404) {
		forget(data);
		return false;
	}
	const endpoint = isObject(body) ? body : {};
	const events = Array.isArray(endpoint.events) ? endpoint.events.map(String).sort() : [];
	const same = events.join() === eventsOf(context).join();
	const enabled = (endpoint.disabledAt ?? null) === null;
	if (same && enabled && endpoint.url === context.getNodeWebhookUrl('default')) return true;
	await removeEndpoint(context, service);
	return false;
}

/** Subscribes to the events; id and secret of the endpoint are kept with the workflow. */
export async function createEndpoint(
	context: IHookFunctions,
	service: ServiceAccess,
): Promise<boolean> {
	const { id, name } = context.getWorkflow();
	const url = context.getNodeWebhookUrl('default');
	await removeForgotten(context, service, url);
	const { body } = await callService(context, service, {
		method: 'POST',
		path: ENDPOINTS,
		body: {
			url,
			events: eventsOf(context),
			description: `n8n: ${name ?? 'workflow'} / ${context.getNode().name}`,
			metadata: { workflowId: String(id ?? ''), node: context.getNode().name },
		},
	});
	const endpoint = isObject(body) ? body : {};
	if (textOf(endpoint.id) === undefined || textOf(endpoint.secret) === undefined) {
		throw new NodeApiError(
			context.getNode(),
			{ message: 'No id or secret in the answer' },
			{
				message: `${service.name} did not create the webhook endpoint`,
				description: 'Check that the base URL in the credential leads to this service.',
			},
		);
	}
	const data = context.getWorkflowStaticData('node');
	data.endpointId = endpoint.id;
	data.secret = endpoint.secret;
	return true;
}

/**
 * An import of the workflow by n8n's command line empties the static data, and with it what is
 * known of the endpoint. It would go on delivering, signed with a secret nobody has any more.
 */
async function removeForgotten(
	context: IHookFunctions,
	service: ServiceAccess,
	url: string | undefined,
): Promise<void> {
	const endpoints = await readPages(context, service, { method: 'GET', path: ENDPOINTS }, {});
	for (const endpoint of endpoints.filter((candidate) => candidate.url === url)) {
		const path = endpointPath(String(endpoint.id));
		await callService(context, service, { method: 'DELETE', path }, { accept: 404 });
	}
}

/** Ends the subscription; one that is gone already is fine. */
export async function removeEndpoint(
	context: IHookFunctions,
	service: ServiceAccess,
): Promise<boolean> {
	const data = context.getWorkflowStaticData('node');
	const id = textOf(data.endpointId);
	if (id !== undefined) {
		const path = endpointPath(id);
		await callService(context, service, { method: 'DELETE', path }, { accept: 404 });
	}
	forget(data);
	return true;
}

function forget(data: IDataObject): void {
	delete data.endpointId;
	delete data.secret;
}

/** An event as the trigger outputs it: the envelope's fields beside the object it is about. */
export interface ServiceEvent {
	type: string;
	data: IDataObject;
	json: IDataObject;
}

function eventOf(body: Buffer): ServiceEvent | undefined {
	const event: unknown = jsonParse(body.toString('utf8'), { fallbackValue: undefined });
	if (!isObject(event)) return undefined;
	const type = textOf(event.type);
	if (type === undefined) return undefined;
	const aggregate = isObject(event.aggregate) ? event.aggregate : {};
	const data = isObject(event.data) ? event.data : {};
	const json = {
		id: event.id ?? null,
		type,
		timestamp: event.timestamp ?? null,
		seq: event.seq ?? null,
		correlationId: event.correlationId ?? null,
		aggregateType: aggregate.type ?? null,
		aggregateId: aggregate.id ?? null,
		data,
	};
	return { type, data, json };
}

/**
 * Takes a delivery: genuine and fresh or 401; one that came before, or that a filter leaves out,
 * is answered with 200 and starts nothing.
 */
export function receiveEvent(
	context: IWebhookFunctions,
	wanted: (event: ServiceEvent) => boolean,
): IWebhookResponseData {
	const data = context.getWorkflowStaticData('node');
	const secret = textOf(data.secret);
	if (secret === undefined) return answerOnly(context, 401, 'No endpoint is set up for this node.');
	const message = deliveryOf(context);
	const refusal = refusalOf(message, secret);
	if (refusal !== undefined) return answerOnly(context, 401, refusal);
	const id = String(message.id);
	const event = eventOf(message.body);
	const seen = Array.isArray(data.seen) ? data.seen.map(String) : [];
	if (!event || seen.includes(id) || !isChosen(context, event.type) || !wanted(event)) {
		return answerOnly(context, 200, 'Nothing to start.');
	}
	data.seen = [...seen, id].slice(-REMEMBERED);
	return { workflowData: [[{ json: event.json }]] };
}

/** After a change of the node an old subscription may still deliver events that are not wanted. */
function isChosen(context: IWebhookFunctions, type: string): boolean {
	return eventsOf(context).includes(type);
}
