import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { mergeMetadata } from '../wire/parameters.ts';
import { attachMethod } from '../payments/methods.ts';

/** Who pays, with the number that the next invoice gets. */
export interface Customer {
	id: string;
	object: 'customer';
	address: unknown;
	balance: number;
	created: number;
	currency: string | null;
	customer_account: null;
	default_source: null;
	delinquent: boolean;
	description: string | null;
	discount: null;
	email: string | null;
	invoice_prefix: string;
	invoice_settings: {
		custom_fields: null;
		default_payment_method: string | null;
		footer: null;
		rendering_options: null;
	};
	livemode: false;
	metadata: Record<string, string>;
	name: string | null;
	next_invoice_sequence: number;
	phone: string | null;
	preferred_locales: string[];
	shipping: unknown;
	tax_exempt: 'none';
	test_clock: string | null;
}

/** What a customer is made from or changed to; what is undefined stays. */
export interface CustomerChange {
	email?: string | null | undefined;
	name?: string | null | undefined;
	phone?: string | null | undefined;
	description?: string | null | undefined;
	address?: unknown;
	shipping?: unknown;
	metadata?: Record<string, string> | undefined;
	preferred_locales?: string[] | undefined;
	invoice_settings?: { default_payment_method?: string | null | undefined } | undefined;
	payment_method?: string | undefined;
	test_clock?: string | undefined;
}

/** A new customer; 400 for a test clock or payment method that is unknown. */
export function createCustomer(sandbox: Sandbox, given: CustomerChange): Customer {
	const testClock =
		given.test_clock === undefined
			? null
			: sandbox.state.require('test_helpers.test_clock', given.test_clock, 'test_clock').id;
	const id = newId('cus');
	const customer: Customer = {
		id,
		object: 'customer',
		address: given.address ?? null,
		balance: 0,
		created: nowOf(sandbox, testClock),
		currency: null,
		customer_account: null,
		default_source: null,
		delinquent: false,
		description: given.description ?? null,
		discount: null,
		email: given.email ?? null,
		invoice_prefix: id.slice(-8).toUpperCase(),
		invoice_settings: {
			...{ custom_fields: null, footer: null, rendering_options: null },
			default_payment_method: null,
		},
		livemode: false,
		metadata: given.metadata ?? {},
		name: given.name ?? null,
		next_invoice_sequence: 1,
		phone: given.phone ?? null,
		preferred_locales: given.preferred_locales ?? [],
		shipping: given.shipping ?? null,
		tax_exempt: 'none',
		test_clock: testClock,
	};
	save(sandbox, customer);
	const wanted = given.payment_method ?? given.invoice_settings?.default_payment_method;
	if (wanted != null) {
		const method = attachMethod(sandbox, wanted, id);
		if (given.invoice_settings?.default_payment_method != null) {
			customer.invoice_settings.default_payment_method = method.id;
		}
	}
	save(sandbox, customer, 'customer.created');
	return customer;
}

/** A changed customer; a default payment method is attached on the way. */
export function updateCustomer(
	sandbox: Sandbox,
	customer: Customer,
	given: CustomerChange,
): Customer {
	const {
		payment_method: _method,
		test_clock: _clock,
		invoice_settings: settings,
		metadata,
		...plain
	} = given;
	const named = Object.fromEntries(
		Object.entries(plain).filter(([, value]) => value !== undefined),
	);
	const wanted = settings?.default_payment_method;
	const after: Customer = {
		...customer,
		...named,
		metadata: mergeMetadata(customer.metadata, metadata),
		invoice_settings: {
			...customer.invoice_settings,
			...(wanted === undefined
				? {}
				: {
						default_payment_method:
							wanted === null ? null : attachMethod(sandbox, wanted, customer.id).id,
					}),
		},
	};
	save(sandbox, after, 'customer.updated', named);
	return after;
}
