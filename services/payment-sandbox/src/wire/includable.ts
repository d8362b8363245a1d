import { paymentsOf } from '../billing/invoice-payments.ts';
import { planOf } from '../checkout/plan.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Page } from '../state/state.ts';

/** A list as Stripe shows it. */
export function listOf<Item>(url: string, { data, has_more }: Page<Item>) {
	return { object: 'list', data, has_more, url };
}

/** What an object has only when `expand` asks for it. */
export function includable(sandbox: Sandbox, object: object, name: string): unknown {
	const kind: unknown = Reflect.get(object, 'object');
	const id = String(Reflect.get(object, 'id'));
	const whole = (url: string, data: unknown[]) => listOf(url, { data, has_more: false });
	switch (`${String(kind)}.${name}`) {
		case 'checkout.session.line_items': {
			const session = sandbox.state.require('checkout.session', id);
			return whole(`/v1/checkout/sessions/${id}/line_items`, planOf(sandbox, session).lines);
		}
		case 'invoice.payments':
			return whole('/v1/invoice_payments', paymentsOf(sandbox, id));
		case 'charge.refunds':
			return whole(
				`/v1/charges/${id}/refunds`,
				sandbox.state.all('refund', { charge: id }).reverse(),
			);
		case 'customer.subscriptions':
			return whole(
				`/v1/customers/${id}/subscriptions`,
				sandbox.state.all('subscription', { customer: id }).reverse(),
			);
		default:
			return undefined;
	}
}
