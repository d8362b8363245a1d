import type {
	INode,
	IRunExecutionData,
	IWebhookData,
	IWebhookFunctions,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';
import type { IncomingHttpHeaders } from 'node:http';
import { additionalDataOf } from './additional-data.ts';
import { core, n8nWorkflow } from './modules.ts';
import { nodeTypes } from './node-types.ts';
import type {
	CredentialData,
	HookOptions,
	HookResult,
	WebhookOptions,
	WebhookResult,
} from './protocol.ts';
import { nodeNamed, workflowOf } from './workflows.ts';

export const MODE = 'webhook';

export interface Delivery {
	credentials: CredentialData;
	headers: IncomingHttpHeaders;
	query: Record<string, string>;
	body: Buffer;
	data: IRunExecutionData | null;
	executionId?: string;
}

/** Calls a node's `webhook()` with a request and an answer as small as nodes use them. */
export async function callWebhook(workflow: Workflow, node: INode, delivery: Delivery) {
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
		httpRequest: {
			headers,
			query,
			rawBody: body,
			body: JSON.parse(String(body)),
			params: {},
			method: 'POST',
		},
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
	const { webhook: answerCall } = type;
	const result = n8nWorkflow.isNodeClassInstance(type)
		? await (
				answerCall as ((given: IWebhookFunctions) => Promise<IWebhookResponseData>) | undefined
			)?.call(type, context)
		: await answerCall?.call(context);
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

export async function webhook(options: WebhookOptions): Promise<WebhookResult> {
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

export async function hook(options: HookOptions): Promise<HookResult> {
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
