import {
	SAMPLE_PLAN,
	SAMPLE_POLICY,
	sampleClub,
	sampleCompanion,
	sampleProduct,
} from '@autopilot/sample-world';
import type { Stack } from '@autopilot/stack';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const withVariants = z.looseObject({
	id: z.string(),
	variants: z.array(z.looseObject({ id: z.string() })),
});

/** The store's API with its first key. */
export function storeApi(stack: Pick<Stack, 'services'>) {
	const { url, apiKey } = stack.services.store;
	return async <Shape>(schema: z.ZodType<Shape>, method: string, path: string, body?: object) => {
		const answer = await fetch(`${url}/api/v1${path}`, {
			method,
			headers: {
				authorization: `Bearer ${apiKey}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const json: unknown = await answer.json();
		if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
		return schema.parse(json);
	};
}

/** Puts the lamp, its digital companion and the membership up for sale, with shipping and tax. */
export async function stockShop(stack: Stack): Promise<void> {
	const call = storeApi(stack);
	const at = stack.urls.sampleWorld;
	await call(withVariants, 'POST', '/products', { ...sampleProduct(at), status: 'published' });
	const companion = await call(withVariants, 'POST', '/products', sampleCompanion(at));
	await call(z.unknown(), 'PUT', `/license-policies/${companion.id}`, SAMPLE_POLICY);
	const club = await call(withVariants, 'POST', '/products', sampleClub(at));
	const variantId = club.variants[0]?.id;
	await call(z.unknown(), 'POST', '/plans', { ...SAMPLE_PLAN, variantId });
	await call(z.unknown(), 'POST', '/shipping-options', {
		...{ name: 'Standard', price: { amount: 490, currency: 'EUR' }, estimate: '2 to 3 days' },
	});
	await call(z.unknown(), 'POST', '/tax-rates', {
		...{ name: 'VAT 19 %', country: 'DE', basisPoints: 1900, inclusive: true },
	});
}

/** Most presses of Tab that any of our pages needs from one thing to the next. */
const FARTHEST = 80;

/** A person with a keyboard and nothing else. */
export function keyboard(page: Page) {
	const focused = (selector: string) => page.locator(`${selector}:focus`).count();
	return {
		/** Tabs until something is focused. Never a click, never a focus by script. */
		async reach(selector: string): Promise<void> {
			for (let pressed = 0; pressed < FARTHEST; pressed += 1) {
				if ((await focused(selector)) > 0) return;
				await page.keyboard.press('Tab');
			}
			throw new Error(`${selector} cannot be reached by keyboard on ${page.url()}`);
		},
		async fill(selector: string, text: string): Promise<void> {
			await this.reach(selector);
			await page.keyboard.press('ControlOrMeta+A');
			await page.keyboard.type(text);
		},
		/** Presses Enter on it and waits for the page that follows. */
		async press(selector: string): Promise<void> {
			await this.reach(selector);
			await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
		},
	};
}
