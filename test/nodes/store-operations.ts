import { example, type OperationExample } from './example.ts';

const O = '/api/v1/orders';
const L = '/api/v1/licenses';
const order = { orderId: 'o1' };
const license = { licenseId: 'l1' };
const store = (
	resource: string,
	...rest: Parameters<typeof example> extends [string, string, ...infer Rest] ? Rest : never
) => example('store', resource, ...rest);
/** Operations that need nothing but an id. */
const each = (
	resource: string,
	parameters: object,
	routes: Record<string, string>,
): OperationExample[] =>
	Object.entries(routes).map(([operation, route]) =>
		store(resource, [operation, route], { ...parameters }),
	);

/** Selling: orders, money, licenses, parcels. */
export const SELLING: OperationExample[] = [
	store(
		'order',
		['create', `POST ${O}`],
		{
			email: 'ada@x.test',
			lines: { items: [{ sku: 'L-1', quantity: 2 }] },
			additionalFields: {
				couponCode: 'WELCOME',
				currency: '',
				metadata: '{"gift": true}',
				shippingAddress: { value: { line1: 'Weg 1', city: 'Berlin', country: 'DE', line2: '' } },
			},
		},
		{
			body: {
				email: 'ada@x.test',
				lines: [{ sku: 'L-1', quantity: 2 }],
				couponCode: 'WELCOME',
				metadata: { gift: true },
				shippingAddress: { line1: 'Weg 1', city: 'Berlin', country: 'DE' },
			},
		},
	),
	store('order', ['get', `GET ${O}/A-100001`], { orderId: 'A-100001' }),
	store(
		'order',
		['getAll', `GET ${O}`],
		{ filters: { status: 'paid', q: 'ada', from: '2026-11-20', unattendedMinutes: 10 } },
		{
			query: {
				...{ status: 'paid', q: 'ada', from: '2026-11-20T00:00:00.000Z' },
				unattendedMinutes: '10',
			},
		},
	),
	store(
		'order',
		['update', `PATCH ${O}/o1`],
		{ ...order, updateFields: { metadata: { gift: false } } },
		{ body: { metadata: { gift: false } } },
	),
	store(
		'order',
		['cancel', `POST ${O}/o1/cancel`],
		{ ...order, additionalFields: { reason: 'asked', refund: true } },
		{ body: { reason: 'asked', refund: true } },
	),
	store(
		'order',
		['addNote', `POST ${O}/o1/notes`],
		{ ...order, text: 'Call' },
		{ body: { text: 'Call' } },
	),
	store(
		'order',
		['openCheckout', `POST ${O}/o1/checkout`],
		{
			...order,
			additionalFields: {
				...{ gateway: 'stripe', successUrl: 'https://x.test/ok' },
				billingAddress: { value: { line1: 'Way 1', city: 'Bonn', country: 'DE' } },
			},
		},
		{
			body: {
				...{ gateway: 'stripe', successUrl: 'https://x.test/ok' },
				billingAddress: { line1: 'Way 1', city: 'Bonn', country: 'DE' },
			},
		},
	),
	...each('order', order, {
		fulfil: `POST ${O}/o1/fulfil`,
		complete: `POST ${O}/o1/complete`,
		getHistory: `GET ${O}/o1/history`,
	}),
	...['shipped', 'delivered'].map((until) =>
		store(
			'order',
			[until === 'shipped' ? 'waitUntilShipped' : 'waitUntilDelivered', `POST ${O}/o1/callback`],
			{ ...order, waitForCompletion: 'none' },
			{ body: { until } },
		),
	),
	...each('payment', { paymentId: 'p1' }, { get: 'GET /api/v1/payments/p1' }),
	store(
		'payment',
		['getAll', 'GET /api/v1/payments'],
		{ filters: { orderId: 'o1', status: 'succeeded' } },
		{ query: { orderId: 'o1', status: 'succeeded' } },
	),
	store(
		'refund',
		['create', 'POST /api/v1/refunds'],
		{ orderId: 'o1', additionalFields: { amount: 500, reason: 'late' } },
		{ body: { orderId: 'o1', amount: 500, reason: 'late' } },
	),
	store(
		'refund',
		['create', 'POST /api/v1/refunds'],
		{ orderId: 'o1', additionalFields: { lines: '[{"lineId": "n1", "quantity": 1}]' } },
		{ body: { orderId: 'o1', lines: [{ lineId: 'n1', quantity: 1 }] } },
	),
	...each('refund', { refundId: 'r1' }, { get: 'GET /api/v1/refunds/r1' }),
	store(
		'refund',
		['getAll', 'GET /api/v1/refunds'],
		{ filters: { status: 'failed' } },
		{ query: { status: 'failed' } },
	),
	...each(
		'subscription',
		{ subscriptionId: 's1' },
		{
			get: 'GET /api/v1/subscriptions/s1',
			pause: 'POST /api/v1/subscriptions/s1/pause',
			resume: 'POST /api/v1/subscriptions/s1/resume',
		},
	),
	store(
		'subscription',
		['getAll', 'GET /api/v1/subscriptions'],
		{ filters: { status: 'past_due' } },
		{ query: { status: 'past_due' } },
	),
	store(
		'subscription',
		['cancel', 'POST /api/v1/subscriptions/s1/cancel'],
		{ subscriptionId: 's1', atPeriodEnd: false },
		{ body: { atPeriodEnd: false } },
	),
	store(
		'license',
		['create', `POST ${L}`],
		{ productId: 'p1', email: 'ada@x.test', additionalFields: { maxDevices: 3, name: 'Ada' } },
		{ body: { productId: 'p1', email: 'ada@x.test', maxDevices: 3, name: 'Ada' } },
	),
	store(
		'license',
		['import', `POST ${L}/import`],
		{
			licenses: '[{"externalId":"old-1","email":"ada@x.test"}]',
			additionalFields: { productId: 'p1' },
		},
		{ body: { productId: 'p1', licenses: [{ externalId: 'old-1', email: 'ada@x.test' }] } },
	),
	store(
		'license',
		['getAll', `GET ${L}`],
		{ filters: { status: 'active', orderId: 'o1' } },
		{ query: { status: 'active', orderId: 'o1' } },
	),
	...each('license', license, {
		get: `GET ${L}/l1`,
		getKey: `POST ${L}/l1/reveal`,
		rotate: `POST ${L}/l1/rotate`,
	}),
	store(
		'license',
		['validate', `POST ${L}/validate`],
		{
			key: 'AP-1',
			additionalFields: { entitlements: 'export, teams', fingerprint: 'device-0001' },
		},
		{ body: { key: 'AP-1', entitlements: ['export', 'teams'], fingerprint: 'device-0001' } },
	),
	store(
		'license',
		['activate', `POST ${L}/activations`],
		{
			key: 'AP-1',
			fingerprint: 'device-0001',
			additionalFields: { label: 'Laptop', takeOver: true },
		},
		{ body: { key: 'AP-1', fingerprint: 'device-0001', label: 'Laptop', takeOver: true } },
	),
	store('license', ['deactivate', `DELETE ${L}/activations/d1`], { activationId: 'd1' }),
	...['suspend', 'reinstate', 'revoke'].map((operation) =>
		store(
			'license',
			[operation, `POST ${L}/l1/${operation}`],
			{ ...license, additionalFields: { reason: 'asked' } },
			{ body: { reason: 'asked' } },
		),
	),
	store(
		'license',
		['renew', `POST ${L}/l1/renew`],
		{ ...license, days: 30 },
		{ body: { days: 30 } },
	),
	store(
		'license',
		['transfer', `POST ${L}/l1/transfer`],
		{ ...license, email: 'bob@x.test', additionalFields: { rotateKey: false } },
		{ body: { email: 'bob@x.test', rotateKey: false } },
	),
	store(
		'download',
		['create', 'POST /api/v1/downloads'],
		{ licenseId: 'l1', assetId: 'a1' },
		{ body: { licenseId: 'l1', assetId: 'a1' } },
	),
	store('download', ['getAll', `GET ${L}/l1/downloads`], license),
	store('download', ['getAssets', 'GET /api/v1/products/p1/assets'], { productId: 'p1' }),
	store(
		'shipment',
		['create', `POST ${O}/o1/shipments`],
		{
			...order,
			carrier: 'DHL',
			trackingNumber: '00340',
			additionalFields: { trackingUrl: 'https://x.test/t' },
		},
		{ body: { carrier: 'DHL', trackingNumber: '00340', trackingUrl: 'https://x.test/t' } },
	),
	...each('shipment', { shipmentId: 's1' }, { get: 'GET /api/v1/shipments/s1' }),
	store(
		'shipment',
		['getAll', 'GET /api/v1/shipments'],
		{ filters: { orderId: 'o1' } },
		{ query: { orderId: 'o1' } },
	),
	store(
		'shipment',
		['addEvent', 'POST /api/v1/shipments/s1/events'],
		{
			...{ shipmentId: 's1', externalId: 'e-1', status: 'delivered' },
			...{ occurredAt: '2026-11-20T12:00:00Z', additionalFields: { location: 'Berlin' } },
		},
		{
			body: {
				...{ externalId: 'e-1', status: 'delivered', occurredAt: '2026-11-20T12:00:00Z' },
				location: 'Berlin',
			},
		},
	),
	store(
		'coupon',
		['create', 'POST /api/v1/coupons'],
		{
			code: 'WELCOME10',
			kind: 'percent',
			percent: 12.5,
			additionalFields: { duration: 'forever', maxRedemptions: 100 },
		},
		{
			body: {
				...{ code: 'WELCOME10', kind: 'percent', basisPoints: 1250 },
				...{ duration: 'forever', maxRedemptions: 100 },
			},
		},
	),
	store(
		'coupon',
		['create', 'POST /api/v1/coupons'],
		{
			code: 'FIVE',
			kind: 'fixed',
			amount: 500,
			currency: 'EUR',
			additionalFields: { productIds: 'p1' },
		},
		{
			body: {
				code: 'FIVE',
				kind: 'fixed',
				amount: { amount: 500, currency: 'EUR' },
				productIds: ['p1'],
			},
		},
	),
	...each(
		'coupon',
		{ couponId: 'c1' },
		{ get: 'GET /api/v1/coupons/c1', delete: 'DELETE /api/v1/coupons/c1' },
	),
	store(
		'coupon',
		['getAll', 'GET /api/v1/coupons'],
		{ filters: { code: 'FIVE' } },
		{ query: { code: 'FIVE' } },
	),
	store(
		'coupon',
		['update', 'PATCH /api/v1/coupons/c1'],
		{ couponId: 'c1', updateFields: { active: false } },
		{ body: { active: false } },
	),
	...each(
		'customer',
		{ customerId: 'k1' },
		{
			getMembership: 'GET /api/v1/customers/k1/membership',
		},
	),
	store(
		'customer',
		['openPortal', 'POST /api/v1/customers/k1/portal'],
		{ customerId: 'k1', additionalFields: { returnUrl: 'https://x.test/' } },
		{ body: { returnUrl: 'https://x.test/' } },
	),
	store(
		'report',
		['getRevenue', 'GET /api/v1/revenue'],
		{ groupBy: 'campaign', filters: { currency: 'EUR' } },
		{ query: { groupBy: 'campaign', currency: 'EUR' } },
	),
	store(
		'report',
		['reconcile', 'POST /api/v1/reconciliations'],
		{ additionalFields: { from: '2026-11-19T00:00:00Z' } },
		{ body: { from: '2026-11-19T00:00:00.000Z' } },
	),
];
