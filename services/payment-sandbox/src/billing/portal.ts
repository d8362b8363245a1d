import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';

/** A link to a customer's own page. */
export interface PortalSession {
	id: string;
	object: 'billing_portal.session';
	configuration: string;
	created: number;
	customer: string;
	customer_account: null;
	flow: null;
	livemode: false;
	locale: string | null;
	on_behalf_of: null;
	return_url: string | null;
	url: string;
}

/** A link that opens a customer's subscriptions and card to them for an hour. */
export function createPortalSession(
	sandbox: Sandbox,
	given: { customer: string; return_url?: string | undefined; locale?: string | undefined },
): PortalSession {
	sandbox.state.require('customer', given.customer, 'customer');
	const id = newId('bps');
	const session: PortalSession = {
		id,
		object: 'billing_portal.session',
		configuration: 'bpc_sandbox',
		created: nowOf(sandbox),
		customer: given.customer,
		customer_account: null,
		flow: null,
		livemode: false,
		locale: given.locale ?? null,
		on_behalf_of: null,
		return_url: given.return_url ?? null,
		url: `${sandbox.config.PUBLIC_URL}/portal/${id}`,
	};
	save(sandbox, session);
	return session;
}
