import type { RunningStack } from '@autopilot/stack';
import { z } from 'zod';
import { serviceClient } from '../service-client.ts';

const product = z.looseObject({
	id: z.string(),
	slug: z.string(),
	title: z.string(),
	variants: z.array(z.looseObject({ id: z.string(), sku: z.string() })),
});

/** What the demo puts up for sale, each with a page of its own. */
export interface Goods {
	lamp: string;
	companion: string;
	club: string;
}

/**
 * Puts the sample lamp, its digital companion with licence policy and file, and a membership up for sale.
 * Every run sells things of its own: slugs and SKUs are unique in the store.
 * @returns their slugs
 */
export async function stockShop(stack: RunningStack): Promise<Goods> {
	const sample = await import('@autopilot/sample-world');
	const { url, apiKey } = stack.services.store;
	const store = serviceClient(url, apiKey);
	const at = stack.urls.sampleWorld;
	const run = Date.now().toString(36);
	const sell = async (goods: ReturnType<typeof sample.sampleCompanion>) =>
		store.post(product, '/api/v1/products', {
			...goods,
			slug: `${goods.slug}-${run}`,
			status: 'published',
			// No audience: nothing is launched, it is only sold.
			attributes: { ...goods.attributes, audience: '' },
			variants: goods.variants.map((variant) => ({
				...variant,
				sku: `${variant.sku}-${run.toUpperCase()}`,
			})),
		});
	const lamp = await sell(sample.sampleProduct(at));
	const companion = await sell(sample.sampleCompanion(at));
	const club = await sell(sample.sampleClub(at));
	await store.put(z.unknown(), `/api/v1/license-policies/${companion.id}`, sample.SAMPLE_POLICY);
	await store.post(z.unknown(), '/api/v1/plans', {
		...sample.SAMPLE_PLAN,
		variantId: club.variants[0]?.id,
	});
	await upload(`${url}/api/v1/products/${companion.id}/assets`, apiKey, {
		...sample.SAMPLE_ASSET,
		text: sample.sampleScenes(),
	});
	await ensureShipping(store);
	return { lamp: lamp.slug, companion: companion.slug, club: club.slug };
}

async function upload(
	url: string,
	apiKey: string,
	{ fileName, version, text }: { fileName: string; version: string; text: string },
): Promise<void> {
	const query = new URLSearchParams({ fileName, version });
	const answer = await fetch(`${url}?${query}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/octet-stream' },
		body: text,
		signal: AbortSignal.timeout(15_000),
	});
	if (!answer.ok)
		throw new Error(`The file was answered with ${answer.status}: ${await answer.text()}`);
}

/** Once in a store, not once a demo. */
async function ensureShipping(store: ReturnType<typeof serviceClient>): Promise<void> {
	const some = z.looseObject({ data: z.array(z.unknown()) });
	const { data: options } = await store.get(some, '/api/v1/shipping-options?limit=1');
	if (options.length === 0) {
		await store.post(z.unknown(), '/api/v1/shipping-options', {
			...{ name: 'Standard', price: { amount: 490, currency: 'EUR' }, estimate: '2 to 3 days' },
		});
	}
	const { data: rates } = await store.get(some, '/api/v1/tax-rates?limit=1');
	if (rates.length === 0) {
		await store.post(z.unknown(), '/api/v1/tax-rates', {
			...{ name: 'VAT 19 %', country: 'DE', basisPoints: 1900, inclusive: true },
		});
	}
}
