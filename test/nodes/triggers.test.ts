import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import {
	type FakeService,
	problem,
	signedHeaders,
	startFakeService,
} from '../harness/fake-service.ts';
import { type Engine, startEngine } from '@autopilot/workflow-test';
import { eventTypes as marketingEvents } from '../../services/marketing-suite/src/event-types.ts';
import { eventTypes as researchEvents } from '../../services/research-bot/src/event-types.ts';
import { eventTypes as storeEvents } from '../../services/store/src/event-types.ts';
import { eventTypes as videoEvents } from '../../services/video-factory/src/videos/schema.ts';
import { credentialsFor, workflowWith } from './workflow.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`;
const ENDPOINTS = '/api/v1/webhook-endpoints';

let engine: Engine;
let service: FakeService;
/** Static data of the trigger, as n8n keeps it with the workflow. */
let staticData: IDataObject;

beforeAll(async () => {
	[engine, service] = await Promise.all([startEngine(), startFakeService()]);
});

beforeEach(() => {
	service.received.length = 0;
	staticData = { 'node:Node': { endpointId: 'ep1', secret: SECRET } };
});

afterAll(async () => {
	await engine.stop();
	await service.close();
});

const EVENT = {
	id: 'evt1',
	type: 'product.created',
	timestamp: '2026-11-20T12:00:00.000Z',
	seq: 7,
	aggregate: { type: 'product', id: 'p1' },
	correlationId: 'corr-1',
	apiVersion: 'v1',
	data: { id: 'p1', title: 'Lamp', status: 'published', tags: ['light'] },
};

interface Delivery {
	event?: unknown;
	type?: string;
	parameters?: INodeParameters;
	headers?: Record<string, string>;
	signed?: { id?: string; seconds?: number; secret?: string };
}

/** Delivers an event to the trigger and keeps what n8n would keep. */
async function deliver({ event = EVENT, type = 'storeTrigger', ...rest }: Delivery = {}) {
	const body = JSON.stringify(event);
	const { secret = SECRET, ...signed } = rest.signed ?? {};
	const result = await engine.call('webhook', {
		workflow: workflowWith({
			type,
			parameters: { events: ['product.created'], ...rest.parameters },
		}),
		node: 'Node',
		credentials: credentialsFor(service),
		staticData,
		headers: { ...signedHeaders(body, secret, signed), ...rest.headers },
		body,
	});
	staticData = result.staticData;
	return result;
}

async function hook(
	method: 'checkExists' | 'create' | 'delete',
	events: string[] = ['product.created'],
) {
	const result = await engine.call('hook', {
		workflow: workflowWith({ type: 'storeTrigger', parameters: { events } }),
		node: 'Node',
		method,
		credentials: credentialsFor(service),
		staticData,
	});
	staticData = result.staticData;
	return result;
}

describe('an event', () => {
	it('starts the workflow with its envelope beside the object it is about', async () => {
		const { status, items } = await deliver();

		expect(status).toBe(200);
		expect(items).toEqual([
			{
				id: 'evt1',
				type: 'product.created',
				timestamp: '2026-11-20T12:00:00.000Z',
				seq: 7,
				correlationId: 'corr-1',
				aggregateType: 'product',
				aggregateId: 'p1',
				data: EVENT.data,
			},
		]);
	});

	it('is taken with the second of two signatures, as during a rotation', async () => {
		const body = JSON.stringify(EVENT);
		const headers = signedHeaders(body, SECRET, { id: 'msg_rotation' });
		headers['webhook-signature'] = `v1,${'A'.repeat(43)}= ${headers['webhook-signature']}`;
		const { items } = await deliver({ headers });

		expect(items).toHaveLength(1);
	});

	it('is refused when it is signed with another secret', async () => {
		const { status, items } = await deliver({ signed: { secret: 'whsec_bm90IHRoZSBzZWNyZXQ=' } });

		expect({ status, items }).toEqual({ status: 401, items: undefined });
	});

	it.each([-301, 301])('is refused when its time is %i seconds off', async (off) => {
		// A time ahead comes nearer until it is looked at; what was looked at too late proves nothing.
		const { status, items } = await until(async () => {
			const seconds = Math.floor(Date.now() / 1000) + off + Math.sign(off);
			const answer = await deliver({ signed: { seconds } });
			return Math.abs(seconds - Date.now() / 1000) > 300 && answer;
		});

		expect({ status, items }).toEqual({ status: 401, items: undefined });
	});

	it('is refused without a signature', async () => {
		const { status } = await deliver({ headers: { 'webhook-signature': '' } });

		expect(status).toBe(401);
	});

	it('is refused when the node has no subscription', async () => {
		staticData = {};
		const { status } = await deliver();

		expect(status).toBe(401);
	});

	it('starts the workflow once, however often it is delivered', async () => {
		const first = await deliver({ signed: { id: 'msg_1' } });
		const again = await deliver({ signed: { id: 'msg_1' } });
		const next = await deliver({ signed: { id: 'msg_2' } });

		expect(first.items).toHaveLength(1);
		expect(again).toMatchObject({ status: 200 });
		expect(again.items).toBeUndefined();
		expect(next.items).toHaveLength(1);
	});

	it('starts nothing when it is none of the chosen ones', async () => {
		const { status, items } = await deliver({ parameters: { events: ['product.deleted'] } });

		expect({ status, items }).toEqual({ status: 200, items: undefined });
	});
});

describe('the events a trigger offers', () => {
	it.each([
		['storeTrigger', storeEvents],
		['marketingSuiteTrigger', marketingEvents],
		['researchBotTrigger', researchEvents],
		['videoFactoryTrigger', videoEvents],
	])('%s: those of its service', async (type, events) => {
		const { nodes } = await engine.call('describe', {});
		const { properties } = nodes[`n8n-nodes-autopilot.${type}`] ?? {};
		const [field] = Array.isArray(properties) ? properties : [];

		expect(field.options.map(({ value }: { value: string }) => value).sort()).toEqual(
			[...events].sort(),
		);
	});
});

describe('filters', () => {
	it.each([
		[{ status: ['published'] }, 1],
		[{ status: ['draft', 'archived'] }, undefined],
		[{ tag: 'light' }, 1],
		[{ tag: 'heavy' }, undefined],
		[{ status: ['published'], tag: 'heavy' }, undefined],
		[{}, 1],
	])('of products by %j', async (filters, started) => {
		const { items } = await deliver({ parameters: { filters } });

		expect(items?.length).toBe(started);
	});

	it('leave events of other things alone', async () => {
		const event = { ...EVENT, type: 'customer.created', data: { id: 'k1' } };
		const parameters = { events: ['customer.created'], filters: { tag: 'heavy' } };
		const { items } = await deliver({ event, parameters });

		expect(items).toHaveLength(1);
	});

	const order = {
		...{ id: 'o1', total: 5000, email: 'Ada@x.test' },
		lines: [{ sku: 'L-1', delivery: 'physical', productId: 'p1' }],
	};
	it.each([
		['order.paid', order, { delivery: 'physical' }, 1],
		['order.paid', order, { delivery: 'digital' }, undefined],
		['order.paid', order, { sku: 'L-1', minTotal: 5000, email: 'ada@x.test' }, 1],
		['order.paid', order, { sku: 'L-2' }, undefined],
		['order.paid', order, { minTotal: 5001 }, undefined],
		['order.paid', order, { productId: 'p1' }, 1],
		['order.paid', order, { productId: 'p2' }, undefined],
		['order.paid', order, { status: ['draft'], tag: 'none' }, 1],
		['payment.failed', { amount: 10, order }, { email: 'bob@x.test' }, undefined],
		['license.expired', { product: { id: 'p1' } }, { productId: 'p1', sku: 'L-9' }, 1],
		['license.expired', { product: { id: 'p1' } }, { productId: 'p2' }, undefined],
	])('of %s by its facts %#', async (type, data, filters, started) => {
		const event = { ...EVENT, type, data };
		const { status, items } = await deliver({ event, parameters: { events: [type], filters } });

		expect(status).toBe(200);
		expect(items?.length).toBe(started);
	});

	it.each([
		['c1', 1],
		['c2', undefined],
	])('of e-mails by campaign %s', async (campaignId, started) => {
		const event = { ...EVENT, type: 'email.clicked', data: { campaignId: 'c1' } };
		const { items } = await deliver({
			event,
			type: 'marketingSuiteTrigger',
			parameters: { events: ['email.clicked'], filters: { campaignId } },
		});

		expect(items?.length).toBe(started);
	});
});

describe('the subscription', () => {
	const endpoint = (url: string): IDataObject => ({
		id: 'ep1',
		url,
		events: ['product.created'],
		disabledAt: null,
	});

	const known = (...endpoints: IDataObject[]) =>
		service.on(`GET ${ENDPOINTS}`, () => ({ body: { data: endpoints, nextCursor: null } }));

	it('replaces one that n8n has forgotten, and leaves those of others alone', async () => {
		const { webhookUrl } = await hook('delete');
		staticData = {};
		known({ id: 'old', url: webhookUrl }, { id: 'foreign', url: 'https://elsewhere.test' });
		service.on(`POST ${ENDPOINTS}`, () => ({ status: 201, body: { id: 'ep9', secret: SECRET } }));
		service.on(`DELETE ${ENDPOINTS}/old`, () => ({ status: 204 }));
		service.received.length = 0;
		await hook('create');

		const deleted = service.received.filter(({ method }) => method === 'DELETE');
		expect(deleted.map(({ path }) => path)).toEqual([`${ENDPOINTS}/old`]);
	});

	it('is made with the URL of the node and its events, and the secret is kept', async () => {
		staticData = {};
		known();
		service.on(`POST ${ENDPOINTS}`, () => ({ status: 201, body: { id: 'ep9', secret: SECRET } }));
		const { webhookUrl } = await hook('create', ['product.created', 'stock.changed']);

		expect(service.to(`POST ${ENDPOINTS}`)[0]?.body).toMatchObject({
			url: webhookUrl,
			events: ['product.created', 'stock.changed'],
		});
		expect(staticData['node:Node']).toEqual({ endpointId: 'ep9', secret: SECRET });
	});

	it('is kept when the service still has it as it should be', async () => {
		const { webhookUrl } = await hook('delete');
		staticData = { 'node:Node': { endpointId: 'ep1', secret: SECRET } };
		service.on(`GET ${ENDPOINTS}/ep1`, () => ({ body: endpoint(webhookUrl) }));

		expect((await hook('checkExists')).result).toBe(true);
	});

	it.each([
		['the events have changed', { events: ['product.deleted'] }],
		['n8n has moved', { url: 'https://elsewhere.test/webhook' }],
		['the service has switched it off', { disabledAt: '2026-11-20T12:00:00.000Z' }],
	])('is made anew when %s', async (_, change) => {
		const { webhookUrl } = await hook('delete');
		staticData = { 'node:Node': { endpointId: 'ep1', secret: SECRET } };
		service.on(`GET ${ENDPOINTS}/ep1`, () => ({ body: { ...endpoint(webhookUrl), ...change } }));
		service.on(`DELETE ${ENDPOINTS}/ep1`, () => ({ status: 204 }));
		service.received.length = 0;

		expect((await hook('checkExists')).result).toBe(false);
		expect(service.to(`DELETE ${ENDPOINTS}/ep1`)).toHaveLength(1);
		expect(staticData['node:Node']).toEqual({});
	});

	it('is made anew when the service does not know it any more', async () => {
		service.on(`GET ${ENDPOINTS}/ep1`, () => problem(404, 'not_found', 'No such endpoint.'));

		expect((await hook('checkExists')).result).toBe(false);
	});

	it('ends with the workflow, also when the service has forgotten it', async () => {
		service.on(`DELETE ${ENDPOINTS}/ep1`, () => problem(404, 'not_found', 'No such endpoint.'));

		expect((await hook('delete')).result).toBe(true);
		expect(service.to(`DELETE ${ENDPOINTS}/ep1`)).toHaveLength(1);
		expect(staticData['node:Node']).toEqual({});
	});

	it('that cannot be made keeps the workflow from being published, and says why', async () => {
		known();
		service.on(`POST ${ENDPOINTS}`, () =>
			problem(422, 'not_valid', 'The URL is not allowed by EGRESS_ALLOW.'),
		);

		await expect(hook('create')).rejects.toThrow('not allowed by EGRESS_ALLOW');
	});
});
