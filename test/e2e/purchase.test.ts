import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deleteStack, findPortBase, type Stack, startStack } from '@autopilot/stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { keyboard, stockShop, storeApi } from './purchase.ts';

// A first purchase as a buyer makes it: store, worker and payment sandbox as processes, a real browser.

const MINUTES = 60_000;
let stack: Stack;
let browser: Browser;
let dataDir: string;

beforeAll(async () => {
	dataDir = await mkdtemp(path.join(tmpdir(), 'autopilot-purchase-'));
	const { PATH, HOME, LANG } = process.env;
	stack = await startStack({
		dataDir,
		portBase: await findPortBase(),
		only: ['store', 'sample-world'],
		sampleWorld: true,
		environment: { PATH, HOME, LANG },
	});
	await stockShop(stack);
	browser = await chromium.launch({
		executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium-headless-shell',
		// Root in a container has no user namespaces; the pages are our own.
		args: ['--no-sandbox'],
	});
}, 10 * MINUTES);
afterAll(async () => {
	await browser?.close();
	await stack?.stop();
	await deleteStack(dataDir);
}, 5 * MINUTES);

const orders = z.object({
	data: z.array(
		z.looseObject({
			id: z.string(),
			status: z.string(),
			total: z.int(),
			captured: z.int(),
			lines: z.array(z.looseObject({ sku: z.string(), quantity: z.int() })),
		}),
	),
});
const ordersOf = async (email: string) =>
	(await storeApi(stack)(orders, 'GET', `/orders?email=${encodeURIComponent(email)}`)).data;

/** A window without JavaScript, as wide as asked; what goes wrong in it fails the test. */
async function visit(width: number, work: (page: Page) => Promise<void>): Promise<void> {
	const context = await browser.newContext({
		...{ javaScriptEnabled: false, viewport: { width, height: 844 } },
	});
	const page = await context.newPage();
	const refused: string[] = [];
	page.on('console', (message) => {
		if (message.type() === 'error') refused.push(message.text());
	});
	try {
		await work(page);
		expect(refused.filter((text) => /Content.Security/i.test(text))).toEqual([]);
	} finally {
		await context.close();
	}
}

async function fillDetails(page: Page, email: string): Promise<void> {
	const keys = keyboard(page);
	await keys.fill('#email', email);
	await keys.fill('#name', 'Ada Buyer');
	await keys.fill('#line1', 'Lindenallee 7');
	await keys.fill('#postalCode', '10115');
	await keys.fill('#city', 'Berlin');
	await keys.reach('#country');
	await page.keyboard.type('Germany');
	await keys.press('main button');
}

/** Nothing may stick out sideways. */
async function expectToFit(page: Page): Promise<void> {
	const box = await page.locator('body').boundingBox();
	const width = page.viewportSize()?.width ?? 0;
	expect(box?.width ?? 0).toBeLessThanOrEqual(width);
}

describe('a purchase with the keyboard alone, without JavaScript', () => {
	it(
		'on a phone: lamp, licence and membership, paid by card, with a key to show',
		() =>
			visit(390, async (page) => {
				const keys = keyboard(page);
				const { url } = stack.services.store;
				for (const slug of ['ember-one', 'ember-scenes', 'ember-club']) {
					await page.goto(`${url}/`);
					await keys.press(`a[href="/products/${slug}"]`);
					await expectToFit(page);
					await keys.press('button[value="cart"]');
				}
				await keys.press('a[href="/checkout"]');
				await fillDetails(page, 'phone@example.com');
				await expectToFit(page);
				await keys.press('form[action="/checkout/order"] button');
				expect(new URL(page.url()).origin).toBe(stack.urls.payments);
				await expectToFit(page);
				await keys.fill('#name', 'Ada Buyer');
				await keys.press('button[value="pay"]');
				// The page looks again by itself, without a script.
				await page.getByText('Thank you, it is paid').waitFor({ timeout: 2 * MINUTES });
				await expectToFit(page);

				const [order] = await ordersOf('phone@example.com');
				expect(order).toMatchObject({ status: 'paid', total: 11_780, captured: 11_780 });
				await keys.press('button:has-text("Show my key")');
				await expectToFit(page);
				expect(await page.locator('.shown-key').textContent()).toMatch(/^AP(-[0-9A-Z]{5}){6}$/);
				await page.goto(page.url().replace(/\/licenses\/.*/, ''));
				await keys.press('a:has-text("Change card")');
				expect(await page.locator('h1').first().textContent()).toBe('Your subscriptions');
			}),
		10 * MINUTES,
	);

	it(
		'on a desktop: a declined card, a change of mind, then another card',
		() =>
			visit(1280, async (page) => {
				const keys = keyboard(page);
				await page.goto(`${stack.services.store.url}/products/ember-one`);
				await keys.reach('input[name="sku"]');
				await page.keyboard.press('ArrowDown');
				await keys.fill('#quantity', '2');
				await keys.press('button[value="checkout"]');
				await fillDetails(page, 'desk@example.com');
				await keys.press('form[action="/checkout/order"] button');

				await keys.fill('input[name="number"]', '4000 0000 0000 9995');
				await keys.fill('#name', 'Ada Buyer');
				await keys.press('button[value="pay"]');
				expect(await page.getByRole('alert').textContent()).toContain('insufficient funds');
				await keys.press('button[value="cancel"]');
				expect(await page.locator('h1').textContent()).toBe('Not paid yet');
				await keys.press('a[href$="/pay"]');

				await keys.fill('input[name="number"]', '4000 0025 0000 3155');
				await keys.fill('#name', 'Ada Buyer');
				await keys.press('button[value="pay"]');
				await keys.press('button[value="passed"]');
				await page.getByText('Thank you, it is paid').waitFor({ timeout: 2 * MINUTES });
				const [order, ...others] = await ordersOf('desk@example.com');
				expect(others).toEqual([]);
				expect(order).toMatchObject({
					status: 'paid',
					lines: [{ sku: 'EMBER-ONE-CORAL', quantity: 2 }],
					captured: 2 * 8900 + 490,
				});
			}),
		10 * MINUTES,
	);
});
