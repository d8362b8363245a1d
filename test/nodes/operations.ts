import { chosen, example, type OperationExample } from './example.ts';
import { SELLING } from './store-operations.ts';

export type { OperationExample };

const productId = chosen('p1');
const listId = chosen('l1');
const templateId = chosen('t1');
const campaignId = chosen('c1');
const P = '/api/v1/products';
const V = '/api/v1/variants';
const C = '/api/v1/customers';
const S = '/api/v1/scrapes';
const F = '/api/v1/video';

export const STORE: OperationExample[] = [
	example(
		'store',
		'product',
		['create', `POST ${P}`],
		{
			title: 'Lamp',
			defineVariants: 'fields',
			variants: {
				items: [{ sku: 'L-1', amount: 4999, currency: 'EUR', stock: 3, delivery: 'digital' }],
			},
			additionalFields: {
				tags: 'light, home',
				attributes: '{"audience": "Newsletter"}',
				media: { items: [{ kind: 'image', url: 'https://x.test/a.jpg', alt: '' }] },
				slug: '',
			},
		},
		{
			body: {
				title: 'Lamp',
				variants: [
					{
						...{ sku: 'L-1', stock: 3, options: {}, delivery: 'digital' },
						price: { amount: 4999, currency: 'EUR' },
					},
				],
				tags: ['light', 'home'],
				attributes: { audience: 'Newsletter' },
				media: [{ kind: 'image', url: 'https://x.test/a.jpg' }],
			},
		},
	),
	example(
		'store',
		'product',
		['create', `POST ${P}`],
		{
			title: 'Lamp',
			defineVariants: 'json',
			variantsJson: '[{"sku": "L-1", "price": {"amount": 1, "currency": "EUR"}}]',
		},
		{ body: { title: 'Lamp', variants: [{ sku: 'L-1', price: { amount: 1, currency: 'EUR' } }] } },
	),
	example('store', 'product', ['get', `GET ${P}/solar-lamp`], {
		productId: { __rl: true, mode: 'slug', value: 'solar-lamp' },
	}),
	example(
		'store',
		'product',
		['getAll', `GET ${P}`],
		{ limit: 5, filters: { status: 'published', q: 'lamp', maxPrice: 900 } },
		{ query: { limit: '5', status: 'published', q: 'lamp', maxPrice: '900' } },
	),
	example(
		'store',
		'product',
		['update', `PATCH ${P}/p1`],
		{ productId, updateFields: { description: '', attributes: { priceAdvice: { amount: 1 } } } },
		{ body: { description: '', attributes: { priceAdvice: { amount: 1 } } } },
	),
	example('store', 'product', ['publish', `POST ${P}/p1/publish`], { productId }),
	example('store', 'product', ['archive', `POST ${P}/p1/archive`], { productId }),
	example(
		'store',
		'product',
		['addMedia', `POST ${P}/p1/media`],
		{ productId, kind: 'video', url: 'https://x.test/v.mp4', alt: '' },
		{ body: { kind: 'video', url: 'https://x.test/v.mp4' } },
	),
	example('store', 'product', ['delete', `DELETE ${P}/p1`], { productId }),
	example(
		'store',
		'launch',
		['begin', `POST ${P}/p1/launch`],
		{ productId, run: '41', additionalFields: { step: 'audience' } },
		{ body: { run: '41', step: 'audience' } },
	),
	example('store', 'launch', ['get', `GET ${P}/p1/launch`], { productId }),
	example(
		'store',
		'launch',
		['getAll', 'GET /api/v1/launches'],
		{ filters: { unattendedMinutes: 10 } },
		{ query: { unattendedMinutes: '10' } },
	),
	example(
		'store',
		'launch',
		['update', `PATCH ${P}/p1/launch`],
		{ productId, updateFields: { step: 'video', quietMinutes: 240, reason: '' } },
		{ body: { step: 'video', quietMinutes: 240 } },
	),
	example(
		'store',
		'launch',
		['takeUp', `POST ${P}/p1/launch/take-up`],
		{ productId, attempt: 2, quietMinutes: 20 },
		{ body: { attempt: 2, quietMinutes: 20 } },
	),
	example(
		'store',
		'variant',
		['create', `POST ${P}/p1/variants`],
		{
			productId,
			sku: 'L-2',
			amount: 100,
			currency: 'USD',
			additionalFields: { options: '{"a":"b"}' },
		},
		{ body: { sku: 'L-2', price: { amount: 100, currency: 'USD' }, options: { a: 'b' } } },
	),
	example(
		'store',
		'variant',
		['update', `PATCH ${V}/v1`],
		{
			variantId: 'v1',
			updateFields: {
				title: 'Red',
				tracksStock: false,
				price: { value: { amount: 5, currency: 'EUR' } },
			},
		},
		{ body: { title: 'Red', tracksStock: false, price: { amount: 5, currency: 'EUR' } } },
	),
	example(
		'store',
		'variant',
		['setStock', `POST ${V}/v1/stock`],
		{ variantId: 'v1', stockMode: 'delta', quantity: -2, reason: 'broken' },
		{ body: { delta: -2, reason: 'broken' } },
	),
	example(
		'store',
		'variant',
		['setStock', `POST ${V}/v1/stock`],
		{ variantId: 'v1', stockMode: 'set', quantity: 7 },
		{ body: { set: 7 } },
	),
	example('store', 'variant', ['delete', `DELETE ${V}/v1`], { variantId: 'v1' }),
	example(
		'store',
		'customer',
		['create', `POST ${C}`],
		{
			email: 'ada@x.test',
			additionalFields: {
				name: 'Ada',
				marketingConsent: { value: { source: 'checkout', at: '2026-11-20T12:00:00Z' } },
			},
		},
		{
			body: {
				email: 'ada@x.test',
				name: 'Ada',
				marketingConsent: { source: 'checkout', at: '2026-11-20T12:00:00.000Z' },
			},
		},
	),
	example('store', 'customer', ['get', `GET ${C}/k%2F1`], { customerId: 'k/1' }),
	example('store', 'customer', ['getAll', `GET ${C}`], { filters: {} }),
	example(
		'store',
		'customer',
		['update', `PATCH ${C}/k1`],
		{ customerId: 'k1', updateFields: { name: 'Ada' } },
		{ body: { name: 'Ada' } },
	),
	example('store', 'customer', ['delete', `DELETE ${C}/k1`], { customerId: 'k1' }),
];

export const RESEARCH: OperationExample[] = [
	example(
		'researchBot',
		'scrape',
		['create', `POST ${S}`],
		{
			urls: 'https://a.test/x?c=1,2, https://b.test',
			extract: 'product',
			additionalFields: {
				render: 'browser',
				fields: { items: [{ name: 'warranty', selector: '.w', attribute: '', type: 'text' }] },
			},
		},
		{
			body: {
				urls: ['https://a.test/x?c=1,2', 'https://b.test'],
				extract: 'product',
				render: 'browser',
				fields: [{ name: 'warranty', selector: '.w', type: 'text', all: false }],
			},
		},
	),
	example(
		'researchBot',
		'scrape',
		['create', `POST ${S}`],
		{ urls: '={{ ["https://a.test", "https://b.test"] }}', extract: 'reviews' },
		{ body: { urls: ['https://a.test', 'https://b.test'], extract: 'reviews' } },
	),
	example('researchBot', 'scrape', ['get', `GET ${S}/s1`], { scrapeId: 's1' }),
	example(
		'researchBot',
		'scrape',
		['getAll', `GET ${S}`],
		{ returnAll: true, filters: { status: 'failed' } },
		{ query: { status: 'failed' } },
	),
	example('researchBot', 'scrape', ['cancel', `POST ${S}/s1/cancel`], { scrapeId: 's1' }),
	example('researchBot', 'scrape', ['getScreenshot', `GET ${S}/s1/results/2/screenshot`], {
		scrapeId: 's1',
		resultIndex: 2,
	}),
];

export const VIDEO: OperationExample[] = [
	example(
		'videoFactory',
		'video',
		['generate', `POST ${F}/generate`],
		{
			subject: 'product',
			productTitle: 'Lamp',
			productFields: {
				features: 'Bright, even in fog\nLight',
				price: { amount: 1, currency: 'EUR' },
			},
			aspect: '1:1',
			images: '={{ ["https://x.test/a.jpg"] }}',
			additionalFields: {
				withoutMusic: true,
				voice: { value: { id: 'en-gb', rate: 150 } },
				durationSeconds: 20,
			},
		},
		{
			body: {
				product: {
					title: 'Lamp',
					features: ['Bright, even in fog', 'Light'],
					price: { amount: 1, currency: 'EUR' },
				},
				aspect: '1:1',
				images: ['https://x.test/a.jpg'],
				music: null,
				voice: { id: 'en-gb', rate: 150, pitch: 50 },
				durationSeconds: 20,
			},
		},
	),
	example(
		'videoFactory',
		'video',
		['generate', `POST ${F}/generate`],
		{ subject: 'topic', topic: 'Saving power', aspect: '16:9' },
		{ body: { topic: 'Saving power', aspect: '16:9', images: [] } },
	),
	example('videoFactory', 'video', ['get', `GET ${F}/status/v1`], { taskId: 'v1' }),
	example(
		'videoFactory',
		'video',
		['getAll', `GET ${F}/tasks`],
		{ filters: { status: 'failed' } },
		{ query: { status: 'failed' } },
	),
	example('videoFactory', 'video', ['cancel', `POST ${F}/cancel/v1`], { taskId: 'v1' }),
	example('videoFactory', 'video', ['delete', `DELETE ${F}/v1`], { taskId: 'v1' }),
	example(
		'videoFactory',
		'video',
		['download', `GET ${F}/download/v1`],
		{ taskId: 'v1', file: 'poster' },
		{ query: { file: 'poster' } },
	),
	example(
		'videoFactory',
		'voice',
		['getAll', `GET ${F}/voices`],
		{ language: 'en' },
		{ query: { language: 'en' } },
	),
];

export const MARKETING: OperationExample[] = [
	example(
		'marketingSuite',
		'list',
		['create', 'POST /api/lists'],
		{ name: 'News', additionalFields: { description: 'Weekly' } },
		{ body: { name: 'News', description: 'Weekly' } },
	),
	example('marketingSuite', 'list', ['get', 'GET /api/lists/l1'], { listId }),
	example(
		'marketingSuite',
		'list',
		['getAll', 'GET /api/lists'],
		{ filters: { q: 'New' } },
		{ query: { q: 'New' } },
	),
	example(
		'marketingSuite',
		'list',
		['update', 'PATCH /api/lists/l1'],
		{ listId, updateFields: { name: 'Old' } },
		{ body: { name: 'Old' } },
	),
	example(
		'marketingSuite',
		'list',
		['addContacts', 'POST /api/lists/l1/contacts'],
		{ listId, contactIds: 'k1, k2' },
		{ body: { contactIds: ['k1', 'k2'] } },
	),
	example('marketingSuite', 'list', ['removeContact', 'DELETE /api/lists/l1/contacts/k1'], {
		listId,
		contactId: 'k1',
	}),
	example('marketingSuite', 'list', ['delete', 'DELETE /api/lists/l1'], { listId }),
	example(
		'marketingSuite',
		'contact',
		['create', 'POST /api/contacts'],
		{
			email: 'ada@x.test',
			consentSource: 'form',
			consent: { ip: '192.0.2.1', at: '' },
			additionalFields: { lists: ['l1'] },
		},
		{
			body: {
				email: 'ada@x.test',
				consent: { source: 'form', ip: '192.0.2.1' },
				lists: ['l1'],
			},
		},
	),
	example(
		'marketingSuite',
		'contact',
		['import', 'POST /api/contacts/import'],
		{ listId, contacts: '={{ [{ email: "a@x.test" }] }}', consentSource: 'fair' },
		{ body: { listId: 'l1', contacts: [{ email: 'a@x.test' }], consent: { source: 'fair' } } },
	),
	example('marketingSuite', 'contact', ['get', 'GET /api/contacts/k1'], { contactId: 'k1' }),
	example(
		'marketingSuite',
		'contact',
		['getAll', 'GET /api/contacts'],
		{ filters: { listId: 'l1' } },
		{ query: { listId: 'l1' } },
	),
	example(
		'marketingSuite',
		'contact',
		['update', 'PATCH /api/contacts/k1'],
		{
			contactId: 'k1',
			updateFields: {
				attributes: '{"city":"Ulm"}',
				status: 'subscribed',
				consent: { value: { source: 'call', at: '', ip: '' } },
			},
		},
		{
			body: {
				attributes: { city: 'Ulm' },
				status: 'subscribed',
				consent: { source: 'call' },
			},
		},
	),
	example('marketingSuite', 'contact', ['unsubscribe', 'POST /api/contacts/k1/unsubscribe'], {
		contactId: 'k1',
	}),
	example('marketingSuite', 'contact', ['delete', 'DELETE /api/contacts/k1'], { contactId: 'k1' }),
	example(
		'marketingSuite',
		'template',
		['create', 'POST /api/templates'],
		{ name: 'Launch', subject: 'New', mjml: '<mjml/>' },
		{ body: { name: 'Launch', subject: 'New', mjml: '<mjml/>' } },
	),
	example('marketingSuite', 'template', ['get', 'GET /api/templates/t1'], { templateId }),
	example('marketingSuite', 'template', ['getAll', 'GET /api/templates']),
	example(
		'marketingSuite',
		'template',
		['update', 'PATCH /api/templates/t1'],
		{ templateId, updateFields: { subject: 'Newer' } },
		{ body: { subject: 'Newer' } },
	),
	example(
		'marketingSuite',
		'template',
		['preview', 'POST /api/templates/t1/preview'],
		{ templateId, data: '{"product": {"title": "Lamp"}}', contact: '={{ ({ name: "Ada" }) }}' },
		{ body: { data: { product: { title: 'Lamp' } }, contact: { name: 'Ada' } } },
	),
	example('marketingSuite', 'template', ['delete', 'DELETE /api/templates/t1'], { templateId }),
	example(
		'marketingSuite',
		'campaign',
		['create', 'POST /api/campaigns'],
		{
			name: 'Launch',
			lists: ['l1'],
			content: 'template',
			templateId,
			additionalFields: {
				sendOnceKey: 'launch-lamp',
				data: { product: { title: 'Lamp' } },
				fromName: 'Shop',
				fromEmail: 'shop@x.test',
				trackOpens: false,
			},
		},
		{
			body: {
				name: 'Launch',
				lists: ['l1'],
				templateId: 't1',
				sendOnceKey: 'launch-lamp',
				data: { product: { title: 'Lamp' } },
				from: { name: 'Shop', email: 'shop@x.test' },
				trackOpens: false,
			},
		},
	),
	example(
		'marketingSuite',
		'campaign',
		['create', 'POST /api/campaigns'],
		{ name: 'Launch', lists: '={{ ["l1", "l2"] }}', content: 'mjml', mjml: '<mjml/>' },
		{ body: { name: 'Launch', lists: ['l1', 'l2'], mjml: '<mjml/>' } },
	),
	example('marketingSuite', 'campaign', ['get', 'GET /api/campaigns/c1'], { campaignId }),
	example('marketingSuite', 'campaign', ['getAll', 'GET /api/campaigns']),
	example(
		'marketingSuite',
		'campaign',
		['update', 'PATCH /api/campaigns/c1'],
		{ campaignId, updateFields: { subject: 'New', lists: ['l2'] } },
		{ body: { subject: 'New', lists: ['l2'] } },
	),
	example(
		'marketingSuite',
		'campaign',
		['send', 'POST /api/campaigns/c1/send'],
		{ campaignId },
		{ body: {} },
	),
	example(
		'marketingSuite',
		'campaign',
		['checkAudience', 'POST /api/campaigns/c1/send'],
		{ campaignId },
		{ body: {}, query: { dryRun: 'true' } },
	),
	example(
		'marketingSuite',
		'campaign',
		['sendTest', 'POST /api/campaigns/c1/test'],
		{ campaignId, to: 'a@x.test,b@x.test' },
		{ body: { to: ['a@x.test', 'b@x.test'] } },
	),
	...['pause', 'resume', 'cancel'].map((operation) =>
		example('marketingSuite', 'campaign', [operation, `POST /api/campaigns/c1/${operation}`], {
			campaignId,
		}),
	),
	example('marketingSuite', 'campaign', ['getAnalytics', 'GET /api/campaigns/c1/analytics'], {
		campaignId,
	}),
	example(
		'marketingSuite',
		'campaign',
		['getRecipients', 'GET /api/campaigns/c1/recipients'],
		{ campaignId, filters: { state: 'failed' } },
		{ query: { state: 'failed' } },
	),
	example('marketingSuite', 'campaign', ['delete', 'DELETE /api/campaigns/c1'], { campaignId }),
	example(
		'marketingSuite',
		'email',
		['send', 'POST /api/mails'],
		{
			...{ toEmail: 'ada@x.test', templateId: 'notice', data: '{"title": "Thanks"}' },
			...{
				sendOnceKey: 'order-1',
				additionalFields: { toName: 'Ada', replyTo: '', subject: 'Hi' },
			},
		},
		{
			body: {
				...{ to: { email: 'ada@x.test', name: 'Ada' }, templateId: 'notice', subject: 'Hi' },
				...{ data: { title: 'Thanks' }, sendOnceKey: 'order-1' },
			},
		},
	),
	example('marketingSuite', 'email', ['get', 'GET /api/mails/m1'], { emailId: 'm1' }),
	example(
		'marketingSuite',
		'email',
		['getAll', 'GET /api/mails'],
		{ filters: { state: 'failed' } },
		{ query: { state: 'failed' } },
	),
	example(
		'marketingSuite',
		'suppression',
		['create', 'POST /api/suppressions'],
		{ email: 'no@x.test', reason: '' },
		{ body: { email: 'no@x.test' } },
	),
	example('marketingSuite', 'suppression', ['getAll', 'GET /api/suppressions']),
	example('marketingSuite', 'suppression', ['delete', 'DELETE /api/suppressions/no%40x.test'], {
		email: 'no@x.test',
	}),
];

export const OPERATIONS: OperationExample[] = [
	...STORE,
	...SELLING,
	...RESEARCH,
	...VIDEO,
	...MARKETING,
];
