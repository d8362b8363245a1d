import { until } from '@autopilot/postgres/testing';
import { sampleContacts, sampleProduct } from '@autopilot/sample-world';
import type { Stack } from '@autopilot/stack';
import { z } from 'zod';

const nodeRun = z.looseObject({
	executionStatus: z.string().optional(),
	error: z.looseObject({ message: z.string() }).optional(),
	data: z
		.looseObject({
			main: z.array(z.array(z.looseObject({ json: z.record(z.string(), z.unknown()) })).nullable()),
		})
		.optional(),
});
const execution = z.looseObject({
	id: z.coerce.string(),
	status: z.string(),
	data: z
		.looseObject({
			resultData: z.looseObject({ runData: z.record(z.string(), z.array(nodeRun)).default({}) }),
		})
		.optional(),
});
export type Execution = z.output<typeof execution>;

/** Calls one service of the stack with its admin key. */
export async function call<Shape>(
	stack: Stack,
	service: keyof Stack['services'],
	request: { method?: string; path: string; body?: unknown; answer: z.ZodType<Shape> },
): Promise<Shape> {
	const { url, apiKey } = stack.services[service];
	const { method = 'GET', path, body } = request;
	const response = await fetch(`${url}${path}`, {
		method,
		headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
	return request.answer.parse(await response.json());
}

const withId = z.looseObject({ id: z.string() });

export const product = z.looseObject({ id: z.string(), title: z.string() });
export type Product = z.output<typeof product>;

/** A list of 50 contacts under a name of its own. */
export async function createAudience(stack: Stack, name: string): Promise<void> {
	const lists = { method: 'POST', path: '/api/lists', body: { name }, answer: withId };
	const { id } = await call(stack, 'marketing-suite', lists);
	await call(stack, 'marketing-suite', {
		method: 'POST',
		path: '/api/contacts/import',
		body: { listId: id, contacts: sampleContacts(), consent: { source: 'test' } },
		answer: z.looseObject({ created: z.int() }),
	});
}

/** Creates the sample product under a title of its own; the store's event starts the launch. */
export async function createProduct(
	stack: Stack,
	title: string,
	audience: string,
	attributes: object = {},
): Promise<Product> {
	const name = title.toLowerCase().replaceAll(' ', '-');
	const sample = sampleProduct(stack.urls.sampleWorld);
	const body = {
		...sample,
		title,
		slug: name,
		variants: sample.variants.map((variant) => ({ ...variant, sku: `${variant.sku}-${name}` })),
		attributes: { ...sample.attributes, audience, ...attributes },
	};
	const request = { method: 'POST', path: '/api/v1/products', body, answer: product };
	return call(stack, 'store', request);
}

/** The execution of the launch of a product, as it is now. */
export async function findExecution(
	stack: Stack,
	productId: string,
): Promise<Execution | undefined> {
	const n8n = stack.n8n();
	const { data } = await n8n.request(
		z.looseObject({ data: z.array(execution) }),
		'/executions?workflowId=product-launch&includeData=true&limit=10',
	);
	return data.find((one) =>
		(JSON.stringify(outputOf(one, 'Product created')) ?? '').includes(productId),
	);
}

/** Waits until the launch has come to a node, or past it. */
export async function reached(stack: Stack, productId: string, node: string): Promise<void> {
	await until(
		async () =>
			(await findExecution(stack, productId))?.data?.resultData.runData[node] !== undefined,
		{ timeoutMs: 600_000, what: `"${node}"` },
	);
}

const ENDED = ['success', 'error', 'crashed', 'canceled'];

export async function ended(stack: Stack, productId: string): Promise<Execution> {
	return until(
		async () => {
			const found = await findExecution(stack, productId);
			return found !== undefined && ENDED.includes(found.status) && found;
		},
		{ timeoutMs: 900_000, what: 'the end of the launch' },
	);
}

/** First item that a node gave in its last run. */
export function outputOf(run: Execution, node: string): Record<string, unknown> | undefined {
	return run.data?.resultData.runData[node]?.at(-1)?.data?.main[0]?.[0]?.json;
}

/** Envelope recipients of all mails whose subject has this text. */
export async function mailsAbout(stack: Stack, subject: string): Promise<string[]> {
	const url = new URL('/api/mails', stack.urls.inbox);
	url.searchParams.set('subject', subject);
	const mails = z
		.looseObject({ data: z.array(z.looseObject({ to: z.array(z.string()) })) })
		.parse(await (await fetch(url)).json());
	return mails.data.flatMap(({ to }) => to);
}
