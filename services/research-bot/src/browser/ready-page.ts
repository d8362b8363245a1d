import type { Page } from 'playwright-core';

export interface ReadyOptions {
	/** What the caller wants to read; waited for, all of them. */
	selectors: string[];
	/** Wait for reviews rather than for a price. */
	reviews: boolean;
	timeoutMs: number;
	maxBytes: number;
}

export type ReadyPage = { html: string } | { tooLarge: number };

/**
 * Waits in the page until something useful has appeared, and answers with its HTML. Never waits for
 * the network to fall silent: shops poll. One round trip, as page.content() after waitForSelector
 * costs two.
 */
export async function readyHtml(page: Page, options: ReadyOptions): Promise<ReadyPage> {
	return await page.evaluate(async ({ selectors, reviews, timeoutMs, maxBytes }) => {
		const priced =
			'[itemprop="price"],meta[property="product:price:amount"],meta[property="og:price:amount"],[data-price],[data-product-price]';
		const visible = '[class*="price" i],[id*="price" i],[data-testid*="price" i]';
		const hasPrice = () => {
			for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
				if (/"(?:price|lowPrice)"/.test(script.textContent)) return true;
			}
			if (document.querySelector(priced) !== null) return true;
			for (const element of document.querySelectorAll(visible)) {
				if (/\d/.test(element.textContent)) return true;
			}
			return false;
		};
		const hasReviews = () =>
			document.querySelector('[itemprop="review"],[class*="review" i] p,[data-hook="review"]') !==
				null || /"reviewBody"/.test(document.documentElement.innerHTML);
		const useful = () => {
			if (selectors.length > 0)
				return selectors.every((one) => document.querySelector(one) !== null);
			return reviews ? hasReviews() : hasPrice();
		};
		const startedAt = Date.now();
		let length = 0;
		let quietSince = startedAt;
		while (!useful() && Date.now() - startedAt < timeoutMs) {
			const now = document.documentElement.innerHTML.length;
			if (now !== length) {
				length = now;
				quietSince = Date.now();
			}
			// A page with plenty of text that no longer changes has nothing more to come.
			const settled = Date.now() - quietSince > 1500 && document.readyState === 'complete';
			if (settled && document.body.innerText.length > 400) break;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		const html = document.documentElement.outerHTML;
		return html.length > maxBytes ? { tooLarge: html.length } : { html };
	}, options);
}
