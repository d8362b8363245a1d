import type { Egress } from '@autopilot/egress';
import type { Page, Response } from 'playwright-core';
import { PageProblem } from '../pages/diagnosis.ts';
import { toProblem } from '../pages/http-fetcher.ts';
import type { Wait } from '../pages/http-fetcher.ts';
import type { HostBudget } from '../pages/host-budget.ts';
import type { FetchedPage, PageRequest } from '../pages/page.ts';
import { isThrottled, retryAfterMs } from '../pages/retry.ts';
import type { Robots } from '../pages/robots.ts';
import type { PagesPool } from './pages-pool.ts';
import { refusalHeader } from './pinning-proxy.ts';
import type { PinningProxy } from './pinning-proxy.ts';
import { readyHtml } from './ready-page.ts';

export interface BrowserRequest extends PageRequest {
	screenshot: boolean;
	/** CSS selectors to wait for. */
	selectors: string[];
	reviews: boolean;
}

export interface BrowserLimits {
	navigationMs: number;
	readyMs: number;
	maxBytes: number;
	maxRetryAfterMs: number;
}

export interface BrowserParts {
	egress: Egress;
	robots: Robots;
	budget: HostBudget;
	/** Of a browser that shows no pictures; half the cost. */
	pool: PagesPool;
	/** For screenshots. */
	picturePool: PagesPool;
	proxy: PinningProxy;
	limits: BrowserLimits;
}

/** Pages through Chromium, by the same rules as plain HTTP. */
export class BrowserFetcher {
	readonly #parts: BrowserParts;

	constructor(parts: BrowserParts) {
		this.#parts = parts;
	}

	/** Throws PageProblem. */
	async fetch(url: string, request: BrowserRequest, waited: Wait): Promise<FetchedPage> {
		const { egress, budget, pool, picturePool, limits } = this.#parts;
		const target = new URL(url);
		try {
			// Asked here as well, as the browser's own message would say no more than "tunnel failed".
			await egress.resolve(url);
			const delay = await this.#permission(target, request);
			const lease = await budget.acquire(target.host, delay, request.signal);
			waited.ms += lease.waitedMs;
			let page: FetchedPage | undefined;
			try {
				const want = {
					url: target.href,
					locale: request.locale ?? 'en-US',
					signal: request.signal,
				};
				page = await (request.screenshot ? picturePool : pool).use(want, (tab) =>
					this.#abortable(request.signal, () => this.#visit(tab, url, request)),
				);
			} finally {
				const throttled = page !== undefined && isThrottled(page.status);
				const pause = retryAfterMs(page?.headers['retry-after']);
				await lease.release(
					throttled ? 'throttled' : 'done',
					Math.min(pause, limits.maxRetryAfterMs),
				);
			}
			await this.#permission(new URL(page.url), request);
			return page;
		} catch (error) {
			throw this.#problemOf(error, target, request.signal);
		}
	}

	async #permission(url: URL, request: PageRequest): Promise<number> {
		if (!request.respectRobots) return 0;
		const verdict = await this.#parts.robots.check(url);
		if (!verdict.allowed) throw new PageProblem('robots_disallowed', verdict.detail);
		return verdict.crawlDelayMs;
	}

	async #abortable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
		const { promise: aborted, reject } = Promise.withResolvers<never>();
		const deadline = this.#parts.limits.navigationMs + this.#parts.limits.readyMs + 15_000;
		const late = new PageProblem(
			'timeout',
			'The page kept the browser busy beyond the time limit.',
		);
		const timer = setTimeout(() => reject(late), deadline);
		const onAbort = () => reject(signal.reason);
		signal.addEventListener('abort', onAbort, { once: true });
		try {
			return await Promise.race([work(), aborted]);
		} finally {
			clearTimeout(timer);
			signal.removeEventListener('abort', onAbort);
		}
	}

	async #visit(page: Page, url: string, request: BrowserRequest): Promise<FetchedPage> {
		const { limits } = this.#parts;
		const response = await page.goto(url, {
			waitUntil: 'domcontentloaded',
			timeout: limits.navigationMs,
		});
		if (response === null) throw new PageProblem('browser_failed', 'The browser showed no page.');
		const headers = this.#checked(response);
		const ready = await readyHtml(page, {
			selectors: request.selectors,
			reviews: request.reviews,
			timeoutMs: patience(response.status(), limits.readyMs),
			maxBytes: limits.maxBytes,
		});
		if ('tooLarge' in ready) {
			throw new PageProblem('too_large', `The rendered page has ${ready.tooLarge} characters.`);
		}
		const screenshot = request.screenshot ? await this.#picture(page) : undefined;
		return {
			url: page.url(),
			status: response.status(),
			headers,
			html: ready.html,
			renderedBy: 'browser',
			bytes: Buffer.byteLength(ready.html),
			attempts: 1,
			...(screenshot === undefined ? {} : { screenshot }),
		};
	}

	#checked(response: Response): Record<string, string> {
		const headers = response.headers();
		if (headers[refusalHeader] !== undefined) {
			const refusal = this.#parts.proxy.refusalOf(new URL(response.url()).host);
			if (refusal !== undefined) throw refusal;
			throw new PageProblem(
				'network_error',
				`The connection to ${new URL(response.url()).host} failed.`,
			);
		}
		const type = headers['content-type'] ?? 'text/html';
		if (!/html/i.test(type)) {
			throw new PageProblem('not_html', `The answer is ${type}, not HTML.`);
		}
		return headers;
	}

	/** Images get a moment; a picture without them is better than none. */
	async #picture(page: Page): Promise<Buffer> {
		await page.waitForLoadState('load', { timeout: 5_000 }).catch(() => undefined);
		return await page.screenshot({
			type: 'jpeg',
			quality: 75,
			timeout: 10_000,
			animations: 'disabled',
		});
	}

	#problemOf(error: unknown, target: URL, signal: AbortSignal): unknown {
		if (signal.aborted) return signal.reason;
		if (error instanceof Error && error.name === 'TimeoutError') {
			return new PageProblem('timeout', `${target.host} did not show a page in time.`, {
				cause: error,
			});
		}
		const known = toProblem(error, signal);
		if (known !== error || error instanceof PageProblem || !(error instanceof Error)) return known;
		// Playwright has no codes of its own; Chromium's net error is a stable name in its message.
		const net = /net::(ERR_[A-Z_]+)/.exec(error.message)?.[1];
		const refusal = this.#parts.proxy.refusalOf(target.host);
		if (refusal !== undefined && net === 'ERR_TUNNEL_CONNECTION_FAILED') {
			return new PageProblem('egress_denied', refusal.detail, { cause: error });
		}
		if (net === 'ERR_TOO_MANY_REDIRECTS') {
			return new PageProblem('too_many_redirects', 'The site redirects in a circle.', {
				cause: error,
			});
		}
		if (net === 'ERR_ABORTED' || error.message.includes('Download is starting')) {
			return new PageProblem('not_html', 'The address starts a download.', { cause: error });
		}
		const code = net === undefined ? 'browser_failed' : 'network_error';
		const detail = net === undefined ? 'The browser failed.' : `The browser reports ${net}.`;
		return new PageProblem(code, detail, { cause: error });
	}
}

/** An error page has nothing to wait for, but a challenge may pass by itself. */
function patience(status: number, readyMs: number): number {
	if (status < 400) return readyMs;
	return status === 403 || status === 503 ? Math.min(readyMs, 3_000) : 0;
}
