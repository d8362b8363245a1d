import type { IDataObject, IWorkflowBase } from 'n8n-workflow';

/** A workflow as it is in the repository. */
export type WorkflowJson = Pick<IWorkflowBase, 'nodes' | 'connections'> &
	Partial<Pick<IWorkflowBase, 'id' | 'name' | 'settings' | 'staticData'>>;

/** Credential data by type, e.g. `{autopilotStoreApi: {baseUrl, apiKey}}`. */
export type CredentialData = Record<string, IDataObject>;

/** What a chat model says: a text, or the tools that it wants called. */
export type Reply = string | ToolCall | ToolCall[];
export interface ToolCall {
	/** By the name that the agent offers: of its node, with _ for what is no letter, digit or -. */
	tool: string;
	arguments?: IDataObject;
}

/** What stands in for a node or a called workflow: items, or a failure. */
export type StandIn = { items: IDataObject[] } | { error: string };
/** For a chat model its replies, in their order. */
export type NodeStandIn = StandIn | { replies: Reply[] };

/** An answer to HTTP requests that never leave the process. */
export interface CannedAnswer {
	/** `METHOD URL` without query; `*` stands for any characters. */
	request: string;
	/** Parts that the query or the body must have. */
	query?: IDataObject;
	body?: unknown;
	status: number;
	headers: Record<string, string>;
	/** JSON text, or any text. */
	text: string;
	/** How often it answers; undefined: always. */
	times?: number;
	/** Body of the call-back to `callback.url` of the request, once the execution waits for it. */
	callBack?: unknown;
}

export interface SentRequest {
	method: string;
	/** Without query. */
	url: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	body: unknown;
	/** Index of the answer it got; undefined when there was none. */
	answer: number | undefined;
}

/** A run in a world of its own: no request leaves the machine, and time passes at once. */
export interface ClosedWorld {
	answers: CannedAnswer[];
	/** By name of the node. */
	nodes: Record<string, NodeStandIn>;
	/** By id of the called workflow. */
	subWorkflows: Record<string, StandIn>;
	/** Workflows that may be called, by id. */
	workflows: Record<string, WorkflowJson>;
	/** Bodies that wake waiting nodes, by name. */
	resume: Record<string, unknown>;
}

export interface RunOptions {
	workflow: WorkflowJson;
	/** Node to start at; default: the first trigger. */
	startNode?: string;
	/** Items the start node gives out; default one empty item. */
	items?: IDataObject[];
	/** Binary data of the first item: property -> file. */
	files?: Record<string, { base64: string; mimeType: string; fileName: string }>;
	credentials?: CredentialData;
	staticData?: IDataObject;
	/** How long the run (waits included) may take, in ms. Default 60 s. */
	timeLimit?: number;
	world?: ClosedWorld;
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
	/** The node that failed, where it is known. */
	node?: string | undefined;
}

export interface RunResult {
	status: string;
	error: FailedNode | undefined;
	/** The runs of each node by its name. */
	nodes: Record<string, NodeRun[]>;
	/** How often the execution was woken by its resume URL. */
	resumed: number;
	staticData: IDataObject;
	/** Of a closed world. */
	requests: SentRequest[];
	/** Evaluated parameters of stand-ins: node -> one object per item. */
	parameters: Record<string, IDataObject[]>;
	/** Runs of called workflows: id -> node -> runs. */
	called: { id: string; nodes: Record<string, NodeRun[]> }[];
	/** In the engine, without the way there. */
	tookMs: number;
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

/** The outputs of a node, as the engine sees them. */
export interface NodeOutline {
	name: string;
	/** Names of its main outputs, the error output included. */
	outputs: string[];
	/** It goes on when it fails. */
	continues: boolean;
	/** It is started from outside. */
	isTrigger: boolean;
}

/** What the child process can be asked to do. */
export interface EngineCalls {
	run: { options: RunOptions; result: RunResult };
	outline: { options: { workflow: WorkflowJson }; result: NodeOutline[] };
	webhook: { options: WebhookOptions; result: WebhookResult };
	hook: { options: HookOptions; result: HookResult };
	search: { options: SearchOptions; result: unknown };
	describe: { options: Record<string, never>; result: PackageDescription };
}

export type EngineCall = keyof EngineCalls;
