import type { App, Command, Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { disputeRoutes } from '../disputes/routes.ts';
import { gatewayEventRoutes } from '../gateway-events/routes.ts';
import { startInboxWorker } from '../gateway-events/worker.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { invoiceRoutes } from '../invoices/routes.ts';
import { ledgerRoutes } from '../ledger/routes.ts';
import type { IssueForOrder } from '../licenses/issue.ts';
import { planRoutes } from '../plans/routes.ts';
import { reconciliationTasks } from '../reconciliations/reconciliations.ts';
import { reconciliationRoutes } from '../reconciliations/routes.ts';
import { refundRoutes } from '../refunds/routes.ts';
import { refundTasks } from '../refunds/tasks.ts';
import { revenueRoutes } from '../revenue/routes.ts';
import type { Task } from '../schedule/schedule.ts';
import { subscriptionRoutes } from '../subscriptions/routes.ts';
import { subscriptionTasks } from '../subscriptions/tasks.ts';
import { paymentRoutes } from './routes.ts';
import { paymentTasks } from './tasks.ts';

export interface PaymentParts {
	db: Database;
	gateways: Gateways;
	issueForOrder: IssueForOrder;
}

/** All routes that have to do with money. */
export function registerPayments(
	app: App,
	parts: PaymentParts & { command: Command; publicUrl: string },
): void {
	paymentRoutes(app, parts);
	refundRoutes(app, parts);
	disputeRoutes(app, parts);
	planRoutes(app, parts);
	subscriptionRoutes(app, parts);
	invoiceRoutes(app, parts);
	ledgerRoutes(app, parts);
	revenueRoutes(app, parts);
	reconciliationRoutes(app, parts);
	gatewayEventRoutes(app, parts);
}

/** Starts the worker of the inbox. @returns closes it */
export function startPaymentWorker(
	parts: PaymentParts & { logger: Logger },
): Promise<() => Promise<void>> {
	return startInboxWorker(parts);
}

/** What the worker does with money by itself. */
export function moneyTasks(parts: { gateways: Gateways; logger: Logger }): Task[] {
	return [
		...refundTasks(parts),
		...paymentTasks(parts),
		...subscriptionTasks(parts),
		...reconciliationTasks(parts),
	];
}
