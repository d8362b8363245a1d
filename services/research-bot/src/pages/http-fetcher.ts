import { setTimeout as sleep } from 'node:timers/promises';
import { EgressDenied, EgressFailed } from '@autopilot/egress';
import type { Egress, EgressResponse } from '@autopilot/egress';
import { decodePage } from './charset.ts';
import { PageProblem } from './diagnosis.ts';
import type { HostBudget } from './host-budget.ts';
import { acceptLanguage } from './page.ts';
import type { FetchedPage, PageRequest } from './page.ts';
import { isRetryable, isThrottled, retryAfterMs } from './retry.ts';
import type { Robots } from './robots.ts';

export interface FetchLimits {
	/** Of one attempt. */
	timeoutMs: number;
	maxBytes: number;
	/** A Retry-After beyond this ends the attempt instead of being waited for. */
	maxRetryAfterMs: number;
}

const maxAttempts = 3;
const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

export interface Wait {
	ms: number;
}

/** Pages by plain HTTP: robots.txt and the host's budget before every request, redirects included. */
export class HttpFetcher {
	readonly #egress: Egress;
	readonly #robots: Robots;
	readonly #budget: HostBudget;
	readonly #limits: FetchLimits;

	constructor(egress: Egress, robots: Robots, budget: HostBudget, limits: FetchLimits) {
		this.#egress = egress;
		this.#robots = robots;
		this.#budget = budget;
		this.#limits = limits;
	}

	/** Throws PageProblem. An answer with an error status is a page like any other. */
	async fetch(url: string, request: PageRequest, waited: Wait): Promise<FetchedPage> {
		let target = new URL(url);
		let attempts = 0;
		for (let followed = 0; followed <= maxRedirects; followed++) {
			const answer = await this.#withRetries(target, request, waited);
			attempts += answer.attempts;
			const location = answer.response.headers.location;
			if (!redirects.has(answer.response.status) || location === undefined) {
				return toPage(answer.response, attempts);
			}
			if (!URL.canParse(location, target)) {
				throw new PageProblem(
					'http_error',
					'The site redirects to an address that cannot be read.',
				);
			}
			target = new URL(location, target);
			target.hash = '';
		}
		throw new PageProblem('too_many_redirects', `More than ${maxRedirects} redirects.`);
	}

	async #withRetries(url: URL, request: PageRequest, waited: Wait) {
		const crawlDelayMs = await this.#permission(url, request);
		for (let attempts = 1; ; attempts++) {
			const last = attempts === maxAttempts;
			const lease = await this.#budget.acquire(url.host, crawlDelayMs, request.signal);
			waited.ms += lease.waitedMs;
			let outcome: 'done' | 'throttled' = 'done';
			let pause = 0;
			try {
				const response = await this.#egress.fetch(url, {
					timeoutMs: this.#limits.timeoutMs,
					maxBytes: this.#limits.maxBytes,
					signal: request.signal,
					headers: {
						accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.5',
						'accept-language': acceptLanguage(request.locale),
					},
				});
				if (!isRetryable(response.status)) return { response, attempts };
				pause = retryAfterMs(response.headers['retry-after']);
				if (isThrottled(response.status)) outcome = 'throttled';
				if (pause > this.#limits.maxRetryAfterMs) throw tooLong(url, response.status, pause);
				if (last) return { response, attempts };
			} catch (error) {
				// A slow site is not asked a third time: that would cost three time limits.
				const again =
					error instanceof EgressFailed &&
					(error.code === 'network' ? !last : error.code === 'timeout' && attempts === 1);
				if (!again) throw toProblem(error, request.signal);
			} finally {
				await lease.release(outcome, Math.min(pause, this.#limits.maxRetryAfterMs));
			}
			// After a 429 the budget itself makes the next acquire wait.
			if (outcome === 'done')
				await sleep(backoffMs(attempts), undefined, { signal: request.signal });
		}
	}

	/** The host's Crawl-delay, or PageProblem `robots_disallowed`. */
	async #permission(url: URL, request: PageRequest): Promise<number> {
		if (!request.respectRobots) return 0;
		try {
			const verdict = await this.#robots.check(url);
			if (!verdict.allowed) throw new PageProblem('robots_disallowed', verdict.detail);
			return verdict.crawlDelayMs;
		} catch (error) {
			throw toProblem(error, request.signal);
		}
	}
}

function backoffMs(attempt: number): number {
	return 250 * 2 ** attempt * (0.75 + Math.random() * 0.5);
}

function tooLong(url: URL, httpStatus: number, ms: number): PageProblem {
	const seconds = Math.ceil(ms / 1000);
	const detail = `${url.host} asks to come back in ${seconds} s.`;
	return new PageProblem('rate_limited', detail, { httpStatus });
}

/** What the egress or the network said, as a diagnosis; the caller's own abort stays what it is. */
export function toProblem(error: unknown, signal: AbortSignal): unknown {
	if (signal.aborted || error instanceof PageProblem) return signal.aborted ? signal.reason : error;
	if (error instanceof EgressDenied) {
		return new PageProblem('egress_denied', error.detail, { cause: error });
	}
	if (error instanceof EgressFailed) {
		const code = error.code === 'network' ? 'network_error' : error.code;
		return new PageProblem(code, error.message, { cause: error });
	}
	return error;
}

function toPage(response: EgressResponse, attempts: number): FetchedPage {
	const contentType = response.headers['content-type'] ?? '';
	const isHtml = /^\s*(?:text\/html|application\/xhtml\+xml)/i.test(contentType);
	const looksLikeHtml = contentType === '' && /^\s*</.test(response.body.toString('latin1', 0, 64));
	if (!isHtml && !looksLikeHtml && response.status < 400) {
		const detail = `The answer is ${contentType || 'of unknown type'}, not HTML.`;
		throw new PageProblem('not_html', detail, { httpStatus: response.status });
	}
	return {
		url: response.url,
		status: response.status,
		headers: Object.fromEntries(
			Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
		),
		html: decodePage(response.body, contentType),
		renderedBy: 'http',
		bytes: response.body.length,
		attempts,
	};
}
