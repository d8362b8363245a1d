import type { IWebhookFunctions, IWebhookResponseData, NodeApiError } from 'n8n-workflow';

import { isObject } from './problem.ts';

/**
 * Wakes the execution so that the waiting node itself fails.
 *
 * n8n resumes a node by passing on what `webhook()` returns: an error thrown there is lost and the
 * workflow goes on with an empty item. What does fail the node is `metadata.resumeError` of the
 * waiting entry, which n8n sets itself when a sub-workflow it waited for has failed (2.41,
 * workflow-execute.ts `runNode`). The webhook context holds the run data but doesn't declare it.
 * Should another n8n have it elsewhere, the run ends here without output, and says so in the log.
 */
export function failResumedNode(
	context: IWebhookFunctions,
	error: NodeApiError,
): IWebhookResponseData {
	const entry = waitingEntry(context);
	if (entry) {
		entry.metadata = {
			...(isObject(entry.metadata) ? entry.metadata : {}),
			// a plain copy: in queue mode it travels as JSON, where an Error loses its message
			resumeError: { ...error, name: error.name, message: error.message, stack: error.stack },
		};
	} else {
		context.logger.error(`${error.message}: ${error.description ?? ''}`);
	}
	return { workflowData: entry ? [[{ json: {} }]] : [[]] };
}

function waitingEntry(context: IWebhookFunctions): Record<string, unknown> | undefined {
	const runData: unknown = 'runExecutionData' in context ? context.runExecutionData : undefined;
	const execution = isObject(runData) ? runData.executionData : undefined;
	const stack = isObject(execution) ? execution.nodeExecutionStack : undefined;
	const entry: unknown = Array.isArray(stack) ? stack[0] : undefined;
	return isObject(entry) ? entry : undefined;
}
