import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type Database } from '@autopilot/postgres';
import { until } from '@autopilot/postgres/testing';
import { sampleProduct } from '@autopilot/sample-world';
import { deleteStack, findPortBase, type Stack, startStack } from '@autopilot/stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { deployAgent, fromModel, tool } from './agent.ts';
import { startModel, toolAnswers } from './model.ts';
import { storeApi, stockShop } from './purchase.ts';
import { hurryWatchdog } from './watchdog.ts';

// Orders from the payment to the parcel, with the real n8n, which is killed on the way.

const MINUTES = 60_000;
// Limits here end what would wait for ever: n8n alone takes a minute to start where others work too.
const PATIENCE = { timeoutMs: 4 * MINUTES };
let stack: Stack;
let dataDir: string;
let call: ReturnType<typeof storeApi>;
let db: Database;

beforeAll(async () => {
	dataDir = await mkdtemp(path.join(tmpdir(), 'autopilot-fulfilment-'));
	stack = await startStack({ dataDir, portBase: await findPortBase(), sampleWorld: true });
	call = storeApi(stack);
	db = connect(stack.databaseUrl('store'), { name: 'e2e', max: 1 });
	await stockShop(stack);
}, 15 * MINUTES);
afterAll(async () => {
	await db?.close();
	await stack?.stop();
	await deleteStack(dataDir);
}, 5 * MINUTES);

const orderOf = z.looseObject({ id: z.string(), status: z.string(), number: z.string() });
const listOf = <Shape>(entry: z.ZodType<Shape>) => z.looseObject({ data: z.array(entry) });

/** Buys a lamp and its companion as `name` and pays at the sandbox. */
async function buy(name: string): Promise<string> {
	const [option] = (
		await call(listOf(z.looseObject({ id: z.string() })), 'GET', '/shipping-options')
	).data;
	const order = await call(orderOf, 'POST', '/orders', {
		email: `${name}@example.com`,
		lines: [{ sku: 'EMBER-ONE-SAND', quantity: 1 }, { sku: 'EMBER-SCENES' }],
		shippingOptionId: option?.id,
		shippingAddress: { name, line1: 'Weg 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
	});
	const checkout = z.looseObject({ payment: z.looseObject({ sessionRef: z.string() }) });
	const { payment } = await call(checkout, 'POST', `/orders/${order.id}/checkout`, {});
	const { origin } = new URL(
		(await call(z.looseObject({ url: z.string() }), 'POST', `/orders/${order.id}/checkout`, {}))
			.url,
	);
	const paid = await fetch(`${origin}/_sandbox/sessions/${payment.sessionRef}/pay`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ card: '4242424242424242' }),
	});
	expect(paid.ok).toBe(true);
	return order.id;
}

/** Subjects of the mails that somebody has got, in alphabetical order. */
async function subjectsTo(email: string): Promise<string[]> {
	const url = new URL('/api/mails', stack.urls.inbox);
	url.searchParams.set('to', email);
	const { data } = listOf(z.looseObject({ subject: z.string() })).parse(
		await (await fetch(url)).json(),
	);
	return data.map(({ subject }) => subject).sort();
}
const requestsFor = async (number: string) =>
	(await subjectsTo('fulfillment@autopilot.example')).filter((text) => text.endsWith(number));
const statusOf = async (id: string) => (await call(orderOf, 'GET', `/orders/${id}`)).status;
const has = (email: string, subject: string) =>
	until(async () => (await subjectsTo(email)).includes(subject), {
		...{ ...PATIENCE, what: `"${subject}" to ${email}` },
	});

async function ship(id: string): Promise<string> {
	const parcel = { carrier: 'DHL', trackingNumber: `00340${id.slice(-6)}` };
	return (await call(orderOf.pick({ id: true }).loose(), 'POST', `/orders/${id}/shipments`, parcel))
		.id;
}
const arrive = (parcel: string) =>
	call(z.unknown(), 'POST', `/shipments/${parcel}/events`, {
		...{ externalId: 'd1', status: 'delivered', occurredAt: new Date().toISOString() },
	});

const CONFIRMED = 'Thank you for your order';
const SHIPPED = 'Your order is on its way';
const ARRIVED = 'Your order has arrived';

describe('an order that is paid', () => {
	it(
		'is confirmed, its key mailed, shipped, and told of until it has arrived',
		async () => {
			const id = await buy('ada');
			await has('ada@example.com', CONFIRMED);
			const { number } = await call(orderOf, 'GET', `/orders/${id}`);
			await has('ada@example.com', `Your license for order ${number}`);
			await until(async () => (await requestsFor(number)).length === 1, PATIENCE);
			await until(async () => (await statusOf(id)) === 'fulfilling', PATIENCE);
			const parcel = await ship(id);
			await has('ada@example.com', SHIPPED);
			await arrive(parcel);
			await has('ada@example.com', ARRIVED);
			expect(await statusOf(id)).toBe('delivered');
			expect(await subjectsTo('ada@example.com')).toEqual([
				...[CONFIRMED, ARRIVED, SHIPPED, `Your license for order ${number}`].sort(),
			]);
		},
		20 * MINUTES,
	);
});

describe('an AI agent with our nodes as its tools', () => {
	const TOOLS = [
		tool('Find orders', 'store', {
			...{ resource: 'order', operation: 'getAll', returnAll: true },
			filters: { email: fromModel('email') },
		}),
		tool('Check key', 'license', { key: fromModel('key') }),
		tool('Create product', 'store', {
			...{ resource: 'product', operation: 'create', title: fromModel('title') },
			...{ defineVariants: 'json', variantsJson: '[]' },
		}),
		tool('Read page', 'researchBot', {
			...{ resource: 'scrape', operation: 'create', urls: fromModel('url') },
			additionalFields: { render: 'http' },
		}),
	];
	const FIRST = [
		{ tool: 'Find_orders', arguments: { email: 'ada@example.com' } },
		{ tool: 'Find_orders', arguments: { email: 'nobody@example.com' } },
		{ tool: 'Check_key', arguments: { key: 'AP-1' } },
		{ tool: 'Create_product', arguments: { title: 'Lamp' } },
	];
	const found = z.tuple([orderOf]);

	// The two that exist call tools in ways of their own: in the agent itself, or by n8n's engine.
	it.each([2.2, 3.1])(
		'of version %d answers with what they said, also that they refuse or find nothing',
		async (version) => {
			const [url] = sampleProduct(stack.urls.sampleWorld).attributes.competitorUrls;
			const model = await startModel((asked) => {
				const [orders] = toolAnswers(asked);
				if (orders === undefined) return [...FIRST, { tool: 'Read_page', arguments: { url } }];
				const [{ number, status }] = found.parse(orders);
				return `Your order ${number} is ${status}.`;
			});
			try {
				const ask = await deployAgent(stack, {
					path: `helper-${Math.floor(version)}`,
					...{ version, modelUrl: model.url, tools: TOOLS },
				});
				const orders = z.looseObject({ data: found });
				const [order] = (await call(orders, 'GET', '/orders?email=ada@example.com')).data;
				expect(await ask('Where is my order?')).toBe(`Your order ${order.number} is delivered.`);

				const [first, last, ...others] = model.asked;
				expect(others).toEqual([]);
				const described = first?.tools.map(({ function: of }) => [of.name, of.description]);
				expect(Object.fromEntries(described ?? [])).toEqual({
					Find_orders: 'Get many orders in Store',
					Check_key:
						'Check a license key of the Autopilot store, and let a flow go on only with a valid one',
					Create_product: 'Create a product in Store',
					Read_page: 'Scrape web pages in Research Bot',
				});
				expect(last && toolAnswers(last).slice(1)).toMatchObject([
					[{ result: 'Nothing was found.' }],
					[{ license: { valid: false, code: 'unknown_key' } }],
					[
						{
							error: expect.stringContaining('Store: '),
							details: { description: expect.stringContaining('/variants: '), httpCode: '400' },
						},
					],
					// It waits for the work to end, without putting the agent to sleep.
					[{ status: 'succeeded', results: [{ status: 'ok', renderedBy: 'http' }] }],
				]);
			} finally {
				model.close();
			}
		},
		10 * MINUTES,
	);
});

/** Lets minutes without a sign of life pass for orders: those that no run cares for are given a new one. */
const passMinutes = (ids: string[]) =>
	db.query(`UPDATE orders SET updated_at = now() - interval '11 minutes' WHERE id = ANY($1)`, [
		ids,
	]);

const NAMES = ['bob', 'cleo', 'dan', 'eve', 'finn', 'gus'];

describe('n8n killed in the middle of six orders', () => {
	it(
		'leaves each of them confirmed, its key mailed and its parcel asked for once, and delivers them',
		async () => {
			const ids = await Promise.all(NAMES.map((name) => buy(name)));
			await until(
				async () => {
					const mails = await Promise.all(NAMES.map((name) => subjectsTo(`${name}@example.com`)));
					return mails.flat().length >= 2;
				},
				{ ...PATIENCE, what: 'the first mails' },
			);
			stack.component('n8n').kill('SIGKILL');
			await until(async () => (await fetch(`${stack.urls.n8n}/healthz/readiness`)).ok, {
				...{ ...PATIENCE, what: 'n8n, started again' },
			});
			await passMinutes(ids);
			await hurryWatchdog(stack, 'fulfilment-watchdog');

			for (const [index, id] of ids.entries()) {
				const email = `${NAMES[index]}@example.com`;
				const { number } = await call(orderOf, 'GET', `/orders/${id}`);
				const hasInTime = (subject: string, to = email) =>
					until(
						async () => {
							await passMinutes([id]);
							return (await subjectsTo(to)).includes(subject);
						},
						{ ...PATIENCE, what: `"${subject}" to ${to}` },
					);
				await hasInTime(CONFIRMED);
				await hasInTime(`Your license for order ${number}`);
				await hasInTime(`Please ship order ${number}`, 'fulfillment@autopilot.example');
				const parcel = await ship(id);
				// A run that slept here may be lost as well. Every other parcel arrives before that can show.
				if (index % 2 === 0) await hasInTime(SHIPPED);
				await arrive(parcel);
				await hasInTime(SHIPPED);
				await hasInTime(ARRIVED);
				expect(await subjectsTo(email)).toEqual([
					...[CONFIRMED, ARRIVED, SHIPPED, `Your license for order ${number}`].sort(),
				]);
				expect(await requestsFor(number)).toHaveLength(1);
				expect(await statusOf(id)).toBe('delivered');
			}
			await until(
				async () => {
					await passMinutes(ids);
					const left = await call(listOf(orderOf), 'GET', '/orders?unattendedMinutes=10');
					return left.data.length === 0;
				},
				{ ...PATIENCE, what: 'nothing left to do' },
			);
			const licenses = listOf(z.looseObject({ email: z.string() }));
			const { data } = await call(licenses, 'GET', '/licenses?limit=100');
			expect(data.map(({ email }) => email).sort()).toEqual([
				...['ada', ...NAMES].map((name) => `${name}@example.com`).sort(),
			]);
		},
		60 * MINUTES,
	);
});

describe('a run that n8n has lost in its sleep', () => {
	it(
		'leaves its order to another one, also when the parcel arrives before anybody can know',
		async () => {
			const id = await buy('hal');
			const waiting = async () => {
				const { rows } = await db.query<{ url: string }>(
					'SELECT url FROM order_waits WHERE order_id = $1 AND ended_at IS NULL',
					[id],
				);
				return rows[0]?.url;
			};
			await until(async () => (await waiting()) !== undefined, {
				...{ ...PATIENCE, what: 'a flow that waits' },
			});
			const url = (await waiting()) ?? '';
			const [execution = ''] = /(?<=webhook-waiting\/)\d+/.exec(url) ?? [];
			const n8n = stack.n8n();
			const at = `/executions/${execution}`;
			await until(
				async () =>
					(await n8n.request(z.looseObject({ status: z.string() }), at)).status === 'waiting',
				{ ...PATIENCE, what: 'an execution that sleeps' },
			);
			await n8n.request(z.unknown(), at, { method: 'DELETE' });

			await arrive(await ship(id));
			await until(
				async () => {
					const { rows } = await db.query<{ status: number | null }>(
						'SELECT last_status AS status FROM deliveries WHERE callback_url = $1',
						[url],
					);
					return rows[0]?.status === 404;
				},
				{ ...PATIENCE, what: 'a call-back that finds nobody' },
			);
			expect(await statusOf(id)).toBe('delivered');
			expect(await subjectsTo('hal@example.com')).not.toContain(SHIPPED);
			await hurryWatchdog(stack, 'fulfilment-watchdog');
			await passMinutes([id]);
			await has('hal@example.com', SHIPPED);
			await has('hal@example.com', ARRIVED);
			const { number } = await call(orderOf, 'GET', `/orders/${id}`);
			expect(await subjectsTo('hal@example.com')).toEqual([
				...[CONFIRMED, ARRIVED, SHIPPED, `Your license for order ${number}`].sort(),
			]);
			expect(await requestsFor(number)).toHaveLength(1);
		},
		20 * MINUTES,
	);
});
