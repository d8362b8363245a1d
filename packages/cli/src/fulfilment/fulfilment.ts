import type { RunningStack } from '@autopilot/stack';
import { CommandError } from '../exit.ts';
import { listExecutions, readWorkflow, type Execution } from '../launch/execution.ts';
import { findExecution, followExecution } from '../launch/follow.ts';
import { launchServices } from '../launch/services.ts';
import { stepTimes } from '../launch/summary.ts';
import { colour } from '../terminal/print.ts';
import { runStep } from '../terminal/steps.ts';
import { openBuyer, type Buyer } from './buyer.ts';
import { readOrderOf, shipOrder, type ShownOrder } from './fulfilment-center.ts';
import { stockShop } from './goods.ts';
import { mailsTo, type Mail } from './mails.ts';

export const FULFILMENT_WORKFLOW = 'order-fulfilment';

/** What a purchase has brought about. */
export interface Fulfilment {
	order: ShownOrder;
	licenseKey: string;
	download: { fileName: string; file: string };
	mails: Mail[];
	headline: string;
	pictures: string;
	executionUrl: string;
	steps: { node: string; ms: number }[];
	tookMs: number;
}

/**
 * Buys a lamp, its digital companion and a membership in a real browser, and follows the workflow that the payment
 * starts until the parcel has arrived.
 * @throws CommandError when the workflow fails
 */
export async function demonstrateFulfilment(
	stack: RunningStack,
	signal: AbortSignal,
): Promise<Fulfilment> {
	const startedAt = Date.now();
	const goods = await runStep({
		title: 'Shop stocked',
		async work() {
			const result = await stockShop(stack);
			return { note: colour('dim', 'a lamp, a digital companion, a membership'), result };
		},
	});
	const n8n = stack.n8n();
	const workflow = await readWorkflow(n8n, FULFILMENT_WORKFLOW);
	const since = new Set(await listExecutions(n8n, FULFILMENT_WORKFLOW));
	const buyer = await openBuyer(stack);
	try {
		const orderUrl = await buy(buyer, goods);
		const order = await readOrderOf(stack, buyer.email);
		const found = await runStep({
			title: `n8n starts ${FULFILMENT_WORKFLOW}`,
			async work() {
				const result = await findExecution(n8n, workflow, { productId: order.id, since, signal });
				return { note: colour('dim', `execution ${result.id}`), result };
			},
		});
		let parcel = '';
		const shipping = shipOrder(stack, buyer.email, { onStep: (text) => (parcel = text), signal });
		// Told below, with the execution; until then nobody waits for it.
		shipping.catch(() => undefined);
		const execution = await followExecution(n8n, workflow, found.id, {
			...{ services: launchServices(stack), signal },
			watch: async () => (parcel === '' ? undefined : parcel),
		});
		const executionUrl = `${stack.urls.n8n}/workflow/${FULFILMENT_WORKFLOW}/executions/${found.id}`;
		assertDone(execution, executionUrl);
		await shipping;
		const { licenseKey, download } = await useIt(buyer);
		return {
			...{ licenseKey, download, executionUrl },
			order: { ...(await readOrderOf(stack, buyer.email)), orderUrl },
			mails: await mailsTo(stack, buyer.email),
			headline: await buyer.lookAgain('delivered'),
			pictures: buyer.pictures,
			steps: stepTimes(execution.runs),
			tookMs: Date.now() - startedAt,
		};
	} finally {
		await buyer.close();
	}
}

async function buy(buyer: Buyer, goods: Awaited<ReturnType<typeof stockShop>>): Promise<string> {
	await runStep({
		title: 'A customer fills the cart',
		async work() {
			await buyer.fillCart(goods);
			return { note: colour('dim', 'in Chromium, without JavaScript'), result: undefined };
		},
	});
	await runStep({
		title: 'Checks out',
		async work() {
			return { note: colour('dim', await buyer.order()), result: undefined };
		},
	});
	return runStep({
		title: 'Pays in the payment sandbox',
		async work() {
			const result = await buyer.pay();
			return { note: colour('dim', 'card 4242 4242 4242 4242'), result };
		},
	});
}

async function useIt(buyer: Buyer) {
	const licenseKey = await runStep({
		title: 'Licence key on the page of the order',
		async work() {
			const result = await buyer.readKey();
			return { note: colour('dim', result), result };
		},
	});
	const download = await runStep({
		title: 'Download',
		async work() {
			const result = await buyer.download();
			return { note: colour('dim', result.fileName), result };
		},
	});
	return { licenseKey, download };
}

function assertDone(execution: Execution, executionUrl: string): void {
	if (execution.status === 'success') return;
	const failed = execution.runs.find(({ state }) => state === 'failed');
	const where = failed === undefined ? '' : ` at "${failed.node}": ${failed.error ?? ''}`;
	throw new CommandError(`The fulfilment ended with ${execution.status}${where}`, {
		advice: `${execution.error ?? ''}\n  ${executionUrl} shows it`,
	});
}
