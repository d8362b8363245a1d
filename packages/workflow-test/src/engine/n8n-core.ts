import type {
	ICredentialType,
	INode,
	INodeType,
	INodeTypes,
	IRun,
	IRunExecutionData,
	IVersionedNodeType,
	IWebhookData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	NodeHelpers,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The parts of n8n-core that the engine uses; n8n is installed outside of this project. */
export interface N8nCore {
	PackageDirectoryLoader: new (directory: string) => NodeLoader;
	LazyPackageDirectoryLoader: new (directory: string) => NodeLoader;
	ExecutionLifecycleHooks: new (
		mode: WorkflowExecuteMode,
		executionId: string,
		workflow: IWorkflowBase,
	) => object;
	WorkflowExecute: new (
		additionalData: IWorkflowExecuteAdditionalData,
		mode: WorkflowExecuteMode,
		runData: IRunExecutionData,
	) => { processRunExecutionData(workflow: Workflow): PromiseLike<IRun> };
	WebhookContext: new (
		workflow: Workflow,
		node: INode,
		additionalData: IWorkflowExecuteAdditionalData,
		mode: WorkflowExecuteMode,
		webhook: IWebhookData,
		closeFunctions: unknown[],
		runData: IRunExecutionData | null,
	) => object;
	HookContext: new (
		workflow: Workflow,
		node: INode,
		additionalData: IWorkflowExecuteAdditionalData,
		mode: WorkflowExecuteMode,
		activation: 'activate' | 'leave',
		webhook: IWebhookData,
	) => object;
	LoadOptionsContext: new (
		workflow: Workflow,
		node: INode,
		additionalData: IWorkflowExecuteAdditionalData,
		path: string,
	) => object;
}

export interface NodeLoader {
	packageName: string;
	known: { nodes: Record<string, unknown>; credentials: Record<string, unknown> };
	loadAll(): Promise<void>;
	getNode(name: string): { type: INodeType | IVersionedNodeType };
	getCredential(name: string): { type: ICredentialType };
}

/** The parts of n8n-workflow (CommonJS) that are values. */
export interface N8nWorkflow {
	Workflow: typeof Workflow;
	NodeHelpers: typeof NodeHelpers;
	createRunExecutionData(options: object): IRunExecutionData;
	/** Whether a node's methods take the context as their argument instead of as `this`. */
	isNodeClassInstance(type: unknown): boolean;
}

export interface Flatted {
	parse(text: string): unknown;
	stringify(value: unknown): string;
}

/** Where n8n's packages are: N8N_MODULES, or where the launcher installs them. */
export function n8nModules(): string {
	const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
	const folder = process.env.N8N_MODULES ?? join(cache, 'autopilot', 'n8n-2.41.1', 'node_modules');
	if (!existsSync(join(folder, 'n8n-core', 'package.json'))) {
		throw new Error(
			`n8n is not installed in ${folder}. Run "./autopilot test" or "./autopilot up" once, or set N8N_MODULES.`,
		);
	}
	return folder;
}

/** `require` as n8n's own packages see it, so that there is one n8n-workflow in the process. */
export function n8nRequire(): NodeJS.Require {
	return createRequire(join(n8nModules(), 'n8n', 'package.json'));
}

export type { INodeTypes };
