import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { refused } from '../wire/error.ts';
import type { Recurring } from './period.ts';

/** What is sold, whatever it costs. */
export interface Product {
	id: string;
	object: 'product';
	active: boolean;
	created: number;
	default_price: string | null;
	description: string | null;
	images: string[];
	livemode: false;
	marketing_features: never[];
	metadata: Record<string, string>;
	name: string;
	package_dimensions: null;
	shippable: boolean | null;
	statement_descriptor: null;
	tax_code: string | null;
	tax_details: null;
	type: 'service';
	unit_label: null;
	updated: number;
	url: string | null;
}

/** What a product costs, once or per period; in minor units. */
export interface Price {
	id: string;
	object: 'price';
	active: boolean;
	billing_scheme: 'per_unit';
	created: number;
	currency: string;
	custom_unit_amount: null;
	livemode: false;
	lookup_key: string | null;
	metadata: Record<string, string>;
	nickname: string | null;
	product: string;
	recurring: Recurring | null;
	tax_behavior: string;
	tiers_mode: null;
	transform_quantity: null;
	type: 'one_time' | 'recurring';
	unit_amount: number;
	unit_amount_decimal: string;
}

/** What a product is made from. */
export interface NewProduct {
	id?: string | undefined;
	name: string;
	active?: boolean | undefined;
	description?: string | null | undefined;
	images?: string[] | undefined;
	metadata?: Record<string, string> | undefined;
	shippable?: boolean | undefined;
	tax_code?: string | undefined;
	url?: string | undefined;
}

/** A new product; 400 `resource_already_exists` for an id that is taken. */
export function createProduct(sandbox: Sandbox, given: NewProduct): Product {
	const id = given.id ?? newId('prod');
	if (sandbox.state.get('product', id) !== undefined) {
		throw refused('Product already exists.', { code: 'resource_already_exists', param: 'id' });
	}
	const now = nowOf(sandbox);
	const product: Product = {
		id,
		object: 'product',
		active: given.active ?? true,
		created: now,
		default_price: null,
		description: given.description ?? null,
		images: given.images ?? [],
		livemode: false,
		marketing_features: [],
		metadata: given.metadata ?? {},
		name: given.name,
		package_dimensions: null,
		shippable: given.shippable ?? null,
		statement_descriptor: null,
		tax_code: given.tax_code ?? null,
		tax_details: null,
		type: 'service',
		unit_label: null,
		updated: now,
		url: given.url ?? null,
	};
	save(sandbox, product, 'product.created');
	return product;
}

/** What a price is made from: of a product that is there, or with a new one. */
export interface NewPrice {
	currency: string;
	unit_amount: number;
	product?: string | undefined;
	product_data?: NewProduct | undefined;
	recurring?: { interval: Recurring['interval']; interval_count?: number | undefined } | undefined;
	active?: boolean | undefined;
	lookup_key?: string | undefined;
	metadata?: Record<string, string> | undefined;
	nickname?: string | undefined;
	tax_behavior?: string | undefined;
}

/** A new price; 400 `parameter_missing` without a product. */
export function createPrice(sandbox: Sandbox, given: NewPrice): Price {
	const product = productOf(sandbox, given);
	const price: Price = {
		id: newId('price'),
		object: 'price',
		active: given.active ?? true,
		billing_scheme: 'per_unit',
		created: nowOf(sandbox),
		currency: given.currency,
		custom_unit_amount: null,
		livemode: false,
		lookup_key: given.lookup_key ?? null,
		metadata: given.metadata ?? {},
		nickname: given.nickname ?? null,
		product: product.id,
		recurring:
			given.recurring === undefined
				? null
				: {
						interval: given.recurring.interval,
						interval_count: given.recurring.interval_count ?? 1,
						...{ meter: null, trial_period_days: null, usage_type: 'licensed' },
					},
		tax_behavior: given.tax_behavior ?? 'unspecified',
		tiers_mode: null,
		transform_quantity: null,
		type: given.recurring === undefined ? 'one_time' : 'recurring',
		unit_amount: given.unit_amount,
		unit_amount_decimal: String(given.unit_amount),
	};
	save(sandbox, price, 'price.created');
	return price;
}

function productOf(sandbox: Sandbox, given: NewPrice): Product {
	if (given.product !== undefined)
		return sandbox.state.require('product', given.product, 'product');
	if (given.product_data !== undefined) return createProduct(sandbox, given.product_data);
	throw refused('You must specify either `product` or `product_data` when creating a price.', {
		code: 'parameter_missing',
		param: 'product',
	});
}
