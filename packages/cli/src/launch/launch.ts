import type { RunningStack } from '@autopilot/stack';
import { CommandError } from '../exit.ts';
import { colour, duration } from '../terminal/print.ts';
import { runStep } from '../terminal/steps.ts';
import { listExecutions, readWorkflow, type Execution } from './execution.ts';
import { findExecution, followExecution } from './follow.ts';
import { launchServices, type Product } from './services.ts';

export const LAUNCH_WORKFLOW = 'product-launch';

export interface Launch {
	product: Product;
	execution: Execution;
	executionUrl: string;
	tookMs: number;
}

/**
 * Creates a product in the store and follows the workflow that its event starts, showing every step.
 * @throws CommandError when the execution fails; the message names the node and the editor's page
 */
export async function launchProduct(
	stack: RunningStack,
	body: unknown,
	signal: AbortSignal,
): Promise<Launch> {
	const services = launchServices(stack);
	const n8n = stack.n8n();
	const workflow = await readWorkflow(n8n, LAUNCH_WORKFLOW);
	const since = new Set(await listExecutions(n8n, LAUNCH_WORKFLOW));
	const startedAt = Date.now();
	const product = await runStep({
		title: 'Product created in the store',
		async work() {
			const result = await services.createProduct(body);
			return { note: colour('dim', `${result.title}, ${result.id}`), result };
		},
	});
	const found = await runStep({
		title: `n8n starts ${LAUNCH_WORKFLOW}`,
		async work() {
			const result = await findExecution(n8n, workflow, { productId: product.id, since, signal });
			return { note: colour('dim', `execution ${result.id}`), result };
		},
	});
	const execution = await followExecution(n8n, workflow, found.id, { services, signal });
	const executionUrl = `${stack.urls.n8n}/workflow/${LAUNCH_WORKFLOW}/executions/${found.id}`;
	const tookMs = Date.now() - startedAt;
	if (execution.status === 'success') return { product, execution, executionUrl, tookMs };
	const failed = execution.runs.find(({ state }) => state === 'failed');
	const where = failed === undefined ? '' : ` at "${failed.node}": ${failed.error ?? ''}`;
	throw new CommandError(
		`The launch ended with ${execution.status} after ${duration(tookMs)}${where}`,
		{
			advice: `${execution.error ?? ''}\n  ${executionUrl} shows it (login: ${stack.secrets.n8n.ownerEmail} ${stack.secrets.n8n.ownerPassword})`,
		},
	);
}
