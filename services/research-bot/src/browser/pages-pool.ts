import type { Browser, BrowserContext, Page } from 'playwright-core';

interface PooledPage {
	page: Page;
	context: BrowserContext;
	locale: string;
	uses: number;
	/** What this context may have in its cache. Its scripts and styles are welcome, the page is not. */
	visited: Set<string>;
}

export interface PoolSettings {
	launch: () => Promise<Browser>;
	userAgent: string;
	/** Pages at once; 2 to 4 is the plateau on two cores. */
	pages: number;
	viewport: { width: number; height: number };
	/** The browser is closed after so long without work. */
	idleMs: number;
}

/** Renderers leak; a fresh page costs 60 ms, a fresh browser 300 ms. */
const usesPerPage = 75;
const usesPerBrowser = 500;
const closeMs = 5_000;

/**
 * Pages of one Chromium, reused from one navigation to the next: that doubles the pages per second
 * over a context per page. A page that failed is thrown away.
 */
export class PagesPool {
	readonly #settings: PoolSettings;
	#browser: Promise<Browser> | null = null;
	#uses = 0;
	#busy = 0;
	#idle: PooledPage[] = [];
	#waiting: (() => void)[] = [];
	#idleTimer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(settings: PoolSettings) {
		this.#settings = settings;
	}

	/**
	 * Runs `work` with a page of its own, in a context that has not seen the URL yet: it comes from the
	 * site then, not from the cache (where a 410 stays for ever). When `work` throws, the page is not
	 * used again.
	 */
	async use<T>(
		want: { url: string; locale: string; signal: AbortSignal },
		work: (page: Page) => Promise<T>,
	): Promise<T> {
		await this.#turn(want.signal);
		clearTimeout(this.#idleTimer);
		let page: PooledPage | undefined;
		try {
			page = await this.#take(want);
			page.visited.add(want.url);
			const result = await work(page.page);
			await this.#giveBack(page);
			return result;
		} catch (error) {
			if (page !== undefined) await this.#discard(page);
			throw error;
		} finally {
			this.#busy--;
			this.#waiting.shift()?.();
			if (this.#busy === 0 && !this.#closed) this.#sleepLater();
		}
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearTimeout(this.#idleTimer);
		await this.#closeBrowser();
	}

	async #turn(signal: AbortSignal): Promise<void> {
		while (this.#busy >= this.#settings.pages) {
			const { promise, resolve } = Promise.withResolvers<void>();
			this.#waiting.push(resolve);
			signal.addEventListener('abort', () => resolve(), { once: true });
			await promise;
			this.#waiting = this.#waiting.filter((waiter) => waiter !== resolve);
			if (signal.aborted) this.#waiting.shift()?.();
			signal.throwIfAborted();
		}
		if (this.#closed) throw new Error('The browser is closed.');
		this.#busy++;
	}

	async #take({ url, locale }: { url: string; locale: string }): Promise<PooledPage> {
		// Between two uses nobody has a page, so this is the moment to start afresh.
		if (this.#uses >= usesPerBrowser && this.#busy === 1) await this.#closeBrowser();
		this.#uses++;
		const at = this.#idle.findIndex((page) => page.locale === locale && !page.visited.has(url));
		const known = at < 0 ? undefined : this.#idle.splice(at, 1)[0];
		if (known !== undefined) return known;
		const spare =
			this.#idle.length + this.#busy > this.#settings.pages ? this.#idle.pop() : undefined;
		if (spare !== undefined) await this.#discard(spare);
		return await this.#open(locale);
	}

	async #open(locale: string): Promise<PooledPage> {
		const browser = await this.#launched();
		const context = await browser.newContext({
			userAgent: this.#settings.userAgent,
			locale,
			serviceWorkers: 'block',
			acceptDownloads: false,
			reducedMotion: 'reduce',
			viewport: this.#settings.viewport,
		});
		const page = await context.newPage();
		// A dialogue would hold the page until somebody answers it.
		page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
		page.on('popup', (popup) => void popup.close().catch(() => undefined));
		return { page, context, locale, uses: 0, visited: new Set() };
	}

	async #launched(): Promise<Browser> {
		this.#browser ??= this.#settings.launch().then((browser) => {
			browser.on('disconnected', () => {
				this.#browser = null;
				this.#idle = [];
			});
			return browser;
		});
		try {
			return await this.#browser;
		} catch (error) {
			this.#browser = null;
			throw error;
		}
	}

	async #giveBack(page: PooledPage): Promise<void> {
		// Where it ended, after redirects, is in the cache as well.
		page.visited.add(page.page.url());
		page.uses++;
		if (page.uses >= usesPerPage || page.page.isClosed()) await this.#discard(page);
		else this.#idle.push(page);
	}

	/** A page whose script never ends cannot be closed politely; then the browser goes. */
	async #discard(page: PooledPage): Promise<void> {
		const closed = page.context.close().then(
			(): true => true,
			(): true => true,
		);
		if (!(await within(closed, closeMs))) await this.#closeBrowser();
	}

	async #closeBrowser(): Promise<void> {
		const browser = this.#browser;
		this.#browser = null;
		this.#idle = [];
		this.#uses = 0;
		if (browser === null) return;
		const closed = browser
			.then((running) => running.close())
			.then(
				(): true => true,
				(): true => true,
			);
		await within(closed, closeMs);
	}

	#sleepLater(): void {
		this.#idleTimer = setTimeout(() => void this.#closeBrowser(), this.#settings.idleMs);
		this.#idleTimer.unref();
	}
}

async function within(work: Promise<true>, ms: number): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<false>((resolve) => {
		timer = setTimeout(() => resolve(false), ms);
	});
	const done = await Promise.race([work, late]);
	clearTimeout(timer);
	return done;
}
