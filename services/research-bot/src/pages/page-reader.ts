import type { BrowserFetcher } from '../browser/browser-fetcher.ts';
import { PageProblem } from './diagnosis.ts';
import type { DiagnosisCode } from './diagnosis.ts';
import type { HttpFetcher, Wait } from './http-fetcher.ts';
import type { FetchedPage, PageRequest } from './page.ts';
import { nothing, readPage } from './reading.ts';
import type { PageReading, ReadingRequest } from './reading.ts';
import type { RendererMemory } from './renderer-memory.ts';

export interface ReadRequest extends PageRequest, ReadingRequest {
	render: 'auto' | 'http' | 'browser';
	screenshot: boolean;
}

export interface UrlReading extends PageReading {
	finalUrl: string | null;
	renderedBy: 'http' | 'browser' | null;
	httpStatus: number | null;
	screenshot: Buffer | null;
	timings: {
		/** Waiting for the host's turn. */
		waitedMs: number;
		totalMs: number;
		attempts: number;
		bytes: number;
	};
}

type Attempt = Omit<UrlReading, 'timings'> & { attempts: number; bytes: number };

/** Faults that a browser may cure. */
const curable = new Set<DiagnosisCode>([
	'empty_shell',
	'consent_wall',
	'blocked',
	'selector_drift',
	'not_a_product',
	'no_reviews',
	'too_many_redirects',
	'listing_page',
]);

/** Reads what is asked for from a URL: plain HTTP first, the browser when that does not suffice. */
export class PageReader {
	readonly #http: HttpFetcher;
	readonly #browser: BrowserFetcher;
	readonly #memory: RendererMemory;

	constructor(parts: { http: HttpFetcher; browser: BrowserFetcher; memory: RendererMemory }) {
		this.#http = parts.http;
		this.#browser = parts.browser;
		this.#memory = parts.memory;
	}

	/** Never throws for what a site does; throws the signal's reason when it aborts. */
	async read(url: string, request: ReadRequest): Promise<UrlReading> {
		const startedAt = performance.now();
		const waited: Wait = { ms: 0 };
		const done = ({ attempts, bytes, ...reading }: Attempt): UrlReading => ({
			...reading,
			timings: {
				attempts,
				bytes,
				waitedMs: waited.ms,
				totalMs: Math.round(performance.now() - startedAt),
			},
		});
		const first = await this.#rendererFor(new URL(url), request);
		const one = await this.#try(first, url, request, waited);
		if (first === 'browser') {
			// The browser itself failed, not the site: plain HTTP may still give something.
			const broken = one.diagnosis?.code === 'browser_failed' && request.render === 'auto';
			return done(
				broken && !request.screenshot ? await this.#try('http', url, request, waited) : one,
			);
		}
		if (request.render === 'http' || !isCurable(one)) return done(one);

		const two = await this.#try('browser', url, request, waited);
		const better = two.status !== 'failed' && rank(two.status) > rank(one.status);
		if (better) await this.#memory.rememberBrowser(new URL(url));
		// Both failed: what the browser saw is nearer to what a person would see.
		const chosen = better || (one.status === 'failed' && two.renderedBy === 'browser') ? two : one;
		return done(chosen);
	}

	async #rendererFor(url: URL, { render, screenshot }: ReadRequest): Promise<'http' | 'browser'> {
		if (render !== 'auto') return render;
		return screenshot || (await this.#memory.needsBrowser(url)) ? 'browser' : 'http';
	}

	async #try(
		renderer: 'http' | 'browser',
		url: string,
		request: ReadRequest,
		waited: Wait,
	): Promise<Attempt> {
		try {
			const page =
				renderer === 'http'
					? await this.#http.fetch(url, request, waited)
					: await this.#browser.fetch(url, browserRequest(request), waited);
			return withPage(page, readPage(page, request));
		} catch (error) {
			if (!(error instanceof PageProblem)) throw error;
			return {
				...nothing,
				diagnosis: error.diagnosis,
				finalUrl: null,
				renderedBy: null,
				httpStatus: error.httpStatus,
				screenshot: null,
				attempts: 1,
				bytes: 0,
			};
		}
	}
}

function browserRequest(request: ReadRequest) {
	return {
		...request,
		selectors: request.fields.map(({ selector }) => selector),
		reviews: request.extract === 'reviews',
	};
}

function withPage(page: FetchedPage, reading: PageReading): Attempt {
	return {
		...reading,
		finalUrl: page.url,
		renderedBy: page.renderedBy,
		httpStatus: page.status,
		screenshot: page.screenshot ?? null,
		attempts: page.attempts,
		bytes: page.bytes,
	};
}

function isCurable({ status, diagnosis }: PageReading): boolean {
	return status !== 'ok' && diagnosis !== null && curable.has(diagnosis.code);
}

function rank(status: PageReading['status']): number {
	return { failed: 0, partial: 1, ok: 2 }[status];
}
