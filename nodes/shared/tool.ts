import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Whether an AI agent called the node. n8n's own answer is true only in agents up to version 2; from version 3 on the
 * engine runs a tool like any other node, and only its type tells.
 */
export function isTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution() || context.getNode().type.endsWith('Tool');
}

/**
 * Whether a failed item becomes an error item. For an agent it does unless the node is set to stop the workflow: of an
 * error that is thrown n8n tells the model the message at most (agents of version 2: nothing), never what to do about it.
 */
export function continuesOnFail(context: IExecuteFunctions): boolean {
	if (context.continueOnFail()) return true;
	return isTool(context) && context.getNode().onError !== 'stopWorkflow';
}
