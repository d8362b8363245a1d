import { expireSession } from './checkout/session.ts';
import { cancelNow, renew, retryInvoice, tellTrialEnds } from './billing/cycle.ts';
import { failRefund, succeedRefund } from './payments/refunds.ts';
import { settleDebit } from './payments/slow.ts';
import type { Sandbox } from './sandbox.ts';
import type { Action } from './state/timers.ts';

/** Does what has come due. What has been overtaken by events (a paid session that expires) does nothing. */
export function perform(sandbox: Sandbox, action: Action, id: string): void {
	switch (action) {
		case 'session.expire': {
			const session = sandbox.state.get('checkout.session', id);
			if (session?.status === 'open') expireSession(sandbox, session);
			return;
		}
		case 'debit.settle':
			settleDebit(sandbox, id);
			return;
		case 'refund.succeed':
			return succeedRefund(sandbox, id);
		case 'refund.fail':
			return failRefund(sandbox, id);
		case 'subscription.trial-will-end':
			return tellTrialEnds(sandbox, id);
		case 'subscription.period':
			return renew(sandbox, id);
		case 'subscription.cancel':
			cancelNow(sandbox, id);
			return;
		case 'subscription.dunning':
			return retryInvoice(sandbox, id);
	}
}
