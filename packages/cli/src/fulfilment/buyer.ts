import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { RunningStack } from '@autopilot/stack';
import { type Browser, chromium, type Page } from 'playwright-core';
import { CommandError } from '../exit.ts';
import { findChromium } from './chromium.ts';
import type { Goods } from './goods.ts';

/** A customer at a browser, JavaScript off: what works for them works for everybody. */
export interface Buyer {
	email: string;
	/** Folder with a picture of every page they saw. */
	pictures: string;
	/** Puts one of everything into the cart. */
	fillCart(goods: Goods): Promise<void>;
	/** Says who they are and orders. @returns the number on the pay button */
	order(): Promise<string>;
	/** Pays on the sandbox's page with a test card. @returns address of the order's page */
	pay(): Promise<string>;
	/** Reads the licence key on the order's page, as it asks for it. */
	readKey(): Promise<string>;
	download(): Promise<{ fileName: string; file: string }>;
	/** Looks at the order once more. @returns its headline */
	lookAgain(picture: string): Promise<string>;
	close(): Promise<void>;
}

export async function openBuyer(stack: RunningStack): Promise<Buyer> {
	const browser = await launch();
	const context = await browser.newContext({
		...{ javaScriptEnabled: false, acceptDownloads: true, viewport: { width: 1280, height: 860 } },
	});
	const page = await context.newPage();
	page.setDefaultTimeout(30_000);
	const run = Date.now().toString(36);
	const email = `ada-${run}@example.com`;
	const pictures = path.join(stack.layout.dataDir, 'demo', run);
	mkdirSync(pictures, { recursive: true });
	let taken = 0;
	const picture = (name: string) =>
		page.screenshot({
			path: path.join(pictures, `${String(++taken).padStart(2, '0')}-${name}.png`),
			fullPage: true,
		});
	let orderUrl = '';
	return {
		...{ email, pictures },
		async fillCart(goods) {
			await page.goto(stack.services.store.url);
			await picture('shop');
			for (const slug of [goods.lamp, goods.companion, goods.club]) {
				await page.goto(`${stack.services.store.url}/products/${slug}`);
				await picture(slug.replace(/-[^-]+$/, ''));
				await page.click('button[value="cart"]');
			}
			await picture('cart');
		},
		async order() {
			await page.click('a[href="/checkout"]');
			await fillDetails(page, email);
			await picture('review');
			const button = page.locator('form[action="/checkout/order"] button');
			const label = (await button.textContent()) ?? '';
			await button.click();
			return label.trim();
		},
		async pay() {
			await page.fill('#name', 'Ada Buyer');
			await picture('pay');
			await page.click('button[value="pay"]');
			await page
				.getByText('Thank you, it is paid')
				.or(page.getByText('We are getting it ready'))
				.waitFor();
			await picture('paid');
			orderUrl = page.url().split('?')[0] ?? page.url();
			return orderUrl;
		},
		async readKey() {
			await page.goto(orderUrl);
			await page.click('button:has-text("Show my key")');
			const key = (await page.locator('.shown-key').textContent()) ?? '';
			await picture('key');
			return key.trim();
		},
		async download() {
			await page.goto(orderUrl);
			const [download] = await Promise.all([
				page.waitForEvent('download'),
				page.locator('form[action$="/download"] button').first().click(),
			]);
			const fileName = download.suggestedFilename();
			const file = path.join(pictures, fileName);
			await download.saveAs(file);
			return { fileName, file };
		},
		async lookAgain(name) {
			await page.goto(orderUrl);
			await picture(name);
			return (await page.locator('h1').textContent())?.trim() ?? '';
		},
		close: () => browser.close(),
	};
}

async function fillDetails(page: Page, email: string): Promise<void> {
	await page.fill('#email', email);
	await page.fill('#name', 'Ada Buyer');
	await page.fill('#line1', 'Lindenallee 7');
	await page.fill('#postalCode', '10115');
	await page.fill('#city', 'Berlin');
	await page.selectOption('#country', 'DE');
	await page.click('main form button');
}

async function launch(): Promise<Browser> {
	const executablePath = findChromium();
	if (executablePath === undefined) {
		throw new CommandError('There is no Chromium for the customer to buy with.', {
			advice:
				'apt-get install chromium-headless-shell  ·  dnf install chromium-headless  ·  brew install --cask chromium',
		});
	}
	// Its own sandbox needs user namespaces, which root in a container has not; it opens our own pages only.
	return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
