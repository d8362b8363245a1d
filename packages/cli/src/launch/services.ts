import type { RunningStack } from '@autopilot/stack';
import { z } from 'zod';
import { serviceClient } from '../service-client.ts';

const progress = z.looseObject({ percent: z.number(), step: z.string().nullish() });

const money = z.object({ amount: z.int(), currency: z.string() });

const product = z.looseObject({
	id: z.string(),
	slug: z.string(),
	title: z.string(),
	attributes: z.record(z.string(), z.unknown()),
	media: z.array(z.looseObject({ kind: z.string(), url: z.string() })),
	variants: z.array(z.looseObject({ sku: z.string(), price: money })),
});
export type Product = z.infer<typeof product>;

const scrape = z.looseObject({
	id: z.string(),
	status: z.string(),
	progress: progress.nullish(),
	results: z
		.array(
			z.looseObject({
				url: z.string(),
				status: z.string(),
				renderedBy: z.string().nullish(),
				product: z
					.looseObject({
						name: z.string().nullish(),
						price: z.looseObject({ amount: z.int(), currency: z.string() }).nullish(),
						availability: z.string().nullish(),
					})
					.nullish(),
				diagnosis: z.looseObject({ code: z.string(), detail: z.string().nullish() }).nullish(),
			}),
		)
		.nullish(),
	summary: z
		.looseObject({
			currency: z.string().nullish(),
			lowest: z.number().nullish(),
			median: z.number().nullish(),
			highest: z.number().nullish(),
			count: z.int().nullish(),
		})
		.nullish(),
});
export type Scrape = z.infer<typeof scrape>;

const task = z.looseObject({
	task_id: z.string(),
	status: z.string(),
	progress: progress.nullish(),
	video: z
		.looseObject({
			url: z.string(),
			durationSeconds: z.number(),
			width: z.int(),
			height: z.int(),
			sizeBytes: z.int(),
		})
		.nullish(),
});
export type VideoTask = z.infer<typeof task>;

const analytics = z.looseObject({
	audience: z.int(),
	sent: z.int(),
	failed: z.int(),
	suppressed: z.int(),
	opened: z.looseObject({ unique: z.int() }),
	clicked: z.looseObject({ unique: z.int() }),
});
export type Analytics = z.infer<typeof analytics>;

const list = z.looseObject({ id: z.string(), name: z.string() });
const withId = z.looseObject({ id: z.string() });
const pageOf = <Shape>(schema: z.ZodType<Shape>) => z.looseObject({ data: z.array(schema) });

/** What launching a product asks of the four services. */
export function launchServices(stack: RunningStack) {
	const client = (name: keyof RunningStack['services']) => {
		const { url, apiKey } = stack.services[name];
		return serviceClient(url, apiKey);
	};
	const [store, research, video, marketing] = [
		...[client('store'), client('research-bot')],
		...[client('video-factory'), client('marketing-suite')],
	] as const;
	return {
		createProduct: (body: unknown) => store.post(product, '/api/v1/products', body),
		product: (id: string) => store.get(product, `/api/v1/products/${id}`),
		scrape: (id: string) => research.get(scrape, `/api/v1/scrapes/${id}`),
		latestScrape: async () =>
			(await research.get(pageOf(scrape), '/api/v1/scrapes?limit=1')).data[0],
		videoTask: (id: string) => video.get(task, `/api/v1/video/status/${id}`),
		latestVideoTask: async () =>
			(await video.get(pageOf(task), '/api/v1/video/tasks?limit=1')).data[0],
		analytics: (id: string) => marketing.get(analytics, `/api/campaigns/${id}/analytics`),
		latestCampaign: async () =>
			(await marketing.get(pageOf(withId), '/api/campaigns?limit=1')).data[0],
		/** The list of that name, made if there is none. */
		async ensureList(name: string): Promise<string> {
			const { data } = await marketing.get(pageOf(list), '/api/lists?limit=100');
			const known = data.find((one) => one.name === name);
			return known?.id ?? (await marketing.post(withId, '/api/lists', { name })).id;
		},
		importContacts: (listId: string, contacts: unknown[]) =>
			marketing.post(
				z.looseObject({ created: z.int(), updated: z.int() }),
				'/api/contacts/import',
				{ listId, contacts, consent: { source: 'autopilot demo' } },
			),
	};
}

export type LaunchServices = ReturnType<typeof launchServices>;
