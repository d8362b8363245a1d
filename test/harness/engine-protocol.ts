import type { IDataObject, IWorkflowBase } from 'n8n-workflow';

/** A workflow as it is in the repository. */
export type WorkflowJson = Pick<IWorkflowBase, 'nodes' | 'connections'> &
	Partial<Pick<IWorkflowBase, 'id' | 'name' | 'settings' | 'staticData'>>;

/** Credential data by type, e.g. `{autopilotStoreApi: {baseUrl, apiKey}}`. */
export type CredentialData = Record<string, IDataObject>;

export interface RunOptions {
	workflow: WorkflowJson;
	/** Node to start at; default: the first trigger. */
	startNode?: string;
	/** Items the start node gives out; default one empty item. */
	items?: IDataObject[];
	/** Binary data of the first item: property -> file. */
	files?: Record<string, { base64: string; mimeType: string; fileName: string }>;
	credentials?: CredentialData;
	/** How long the run (waits included) may take, in ms. Default 20 s. */
	timeLimit?: number;
}

export interface NodeOutput {
	json: IDataObject;
	/** Files by property, as base64. */
	binary?: Record<string, { base64: string; mimeType: string; fileName: string | undefined }>;
	pairedItem: unknown;
	error: string | undefined;
}

/** One run of one node. */
export interface NodeRun {
	status: string | undefined;
	/** Items per output. */
	outputs: NodeOutput[][];
	error: FailedNode | undefined;
}

export interface FailedNode {
	name: string;
	message: string;
	description: string | undefined;
	httpCode: string | undefined;
	itemIndex: number | undefined;
}

export interface RunResult {
	status: string;
	error: FailedNode | undefined;
	/** The runs of each node by its name. */
	nodes: Record<string, NodeRun[]>;
	/** How often the execution was woken by its resume URL. */
	resumed: number;
	staticData: IDataObject;
}

export interface WebhookOptions {
	workflow: WorkflowJson;
	node: string;
	credentials?: CredentialData;
	staticData?: IDataObject;
	headers: Record<string, string>;
	body: string;
}

export interface WebhookResult {
	status: number;
	body: unknown;
	/** Items the workflow would start with; undefined when nothing starts. */
	items: IDataObject[] | undefined;
	staticData: IDataObject;
}

export interface HookOptions {
	workflow: WorkflowJson;
	node: string;
	method: 'checkExists' | 'create' | 'delete';
	credentials?: CredentialData;
	staticData?: IDataObject;
}

export interface HookResult {
	result: boolean;
	staticData: IDataObject;
	/** The node's production URL, as n8n gives it to the service. */
	webhookUrl: string;
}

export interface SearchOptions {
	workflow: WorkflowJson;
	node: string;
	/** A method under `methods.listSearch` or `methods.loadOptions`. */
	method: string;
	filter?: string;
	paginationToken?: string;
	credentials?: CredentialData;
}

export interface PackageDescription {
	/** Full node type -> its description. */
	nodes: Record<string, IDataObject>;
	/** Credential type -> its class's fields. */
	credentials: Record<string, IDataObject>;
}

/** What the child process can be asked to do. */
export interface EngineCalls {
	run: { options: RunOptions; result: RunResult };
	webhook: { options: WebhookOptions; result: WebhookResult };
	hook: { options: HookOptions; result: HookResult };
	search: { options: SearchOptions; result: unknown };
	describe: { options: Record<string, never>; result: PackageDescription };
}

export type EngineCall = keyof EngineCalls;
