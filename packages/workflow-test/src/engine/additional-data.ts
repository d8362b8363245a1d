import type {
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { runCodeNode } from './code-node.ts';
import { loaders } from './node-types.ts';
import type { CredentialData } from './protocol.ts';
import { currentWorld } from './world.ts';

let waitingUrl = '';

/** Base URL of this process, under which waiting executions are resumed. */
export function serveUnder(url: string): void {
	waitingUrl = url;
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
	const filled = (values: object | undefined) =>
		Object.fromEntries(
			Object.entries(values ?? {}).map(([name, value]) => [
				name,
				String(value)
					.replace(/^=/, '')
					.replace(/\{\{\s*\$credentials\.(\w+)\s*\}\}/g, (_, field: string) =>
						String(data[field]),
					),
			]),
		);
	const { headers, qs } = authenticate.properties;
	return {
		...options,
		headers: { ...options.headers, ...filled(headers) },
		...(qs === undefined ? {} : { qs: { ...options.qs, ...filled(qs) } }),
	};
}

/** What n8n's server gives to an execution, as far as nodes use it. */
export function additionalDataOf(
	credentials: CredentialData,
	execution: { id: string; hooks?: object; executeWorkflow?: unknown } | undefined,
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
		executeWorkflow: execution?.executeWorkflow,
		getRunExecutionData: async (id: string) => currentWorld.getStore()?.children.get(id),
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

/** The start of a resume URL. */
export function baseUrl(): string {
	return waitingUrl;
}
