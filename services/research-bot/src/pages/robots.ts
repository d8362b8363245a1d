import { EgressFailed } from '@autopilot/egress';
import type { Egress } from '@autopilot/egress';
import type { Redis } from '@autopilot/http';
import robotsParser from 'robots-parser';
import { z } from 'zod';

export interface RobotsVerdict {
	allowed: boolean;
	/** Crawl-delay of the rules that apply to us; 0 without one. */
	crawlDelayMs: number;
	detail: string;
}

// Its types describe an ES module; the package is CommonJS, so the default import is the function.
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

/** RFC 9309: 24 hours at most. A site that cannot answer is asked again sooner. */
const cacheSeconds = 86_400;
const unavailableSeconds = 300;
const sizeLimit = 500 * 1024;
const maxDelayMs = 60_000;
const maxRemembered = 5_000;

const stored = z.object({ access: z.enum(['rules', 'all', 'none']), text: z.string() });
type Stored = z.infer<typeof stored>;
type Rules = Stored & { parsed: ReturnType<typeof parseRobots> | null; expiresAt: number };

/**
 * robots.txt by RFC 9309: the longest match wins, 4xx allows all, 5xx forbids all. Kept in Redis for
 * all workers, and parsed in memory.
 */
export class Robots {
	readonly #egress: Egress;
	readonly #redis: Redis;
	readonly #token: string;
	readonly #remembered = new Map<string, Promise<Rules>>();

	constructor(egress: Egress, redis: Redis, userAgent: string) {
		this.#egress = egress;
		this.#redis = redis;
		this.#token = productToken(userAgent);
	}

	/** Throws EgressDenied or EgressFailed when the host cannot be reached at all. */
	async check(url: URL): Promise<RobotsVerdict> {
		const rules = await this.#rulesOf(url.origin);
		if (rules.access === 'none') {
			const detail = `${url.origin}/robots.txt is not available, which counts as a refusal.`;
			return { allowed: false, crawlDelayMs: 0, detail };
		}
		const allowed = rules.parsed?.isAllowed(url.href, this.#token) ?? true;
		const delay = (rules.parsed?.getCrawlDelay(this.#token) ?? 0) * 1000;
		return {
			allowed,
			crawlDelayMs: Number.isFinite(delay) ? Math.min(Math.max(delay, 0), maxDelayMs) : 0,
			detail: allowed
				? ''
				: `${url.origin}/robots.txt disallows ${url.pathname} for ${this.#token}.`,
		};
	}

	async #rulesOf(origin: string): Promise<Rules> {
		const known = this.#remembered.get(origin);
		if (known !== undefined) {
			const rules = await known;
			if (rules.expiresAt > Date.now()) return rules;
		}
		const loading = this.#load(origin);
		if (this.#remembered.size >= maxRemembered) this.#remembered.clear();
		this.#remembered.set(origin, loading);
		loading.catch(() => this.#remembered.delete(origin));
		return await loading;
	}

	async #load(origin: string): Promise<Rules> {
		const key = `research:robots:${origin}`;
		const [cached, ttl] = await Promise.all([this.#redis.get(key), this.#redis.ttl(key)]);
		if (cached !== null && ttl > 0) return parsed(origin, stored.parse(JSON.parse(cached)), ttl);
		const fresh = await this.#fetch(origin);
		const seconds = fresh.access === 'none' ? unavailableSeconds : cacheSeconds;
		await this.#redis.set(key, JSON.stringify(fresh), 'EX', seconds);
		return parsed(origin, fresh, seconds);
	}

	async #fetch(origin: string): Promise<Stored> {
		try {
			const { status, body } = await this.#egress.fetch(`${origin}/robots.txt`, {
				timeoutMs: 10_000,
				maxBytes: 4 * 1024 * 1024,
				maxRedirects: 5,
				headers: { accept: 'text/plain,*/*;q=0.5' },
			});
			if (status >= 500) return { access: 'none', text: '' };
			if (status >= 300) return { access: 'all', text: '' };
			return { access: 'rules', text: body.subarray(0, sizeLimit).toString('utf8') };
		} catch (error) {
			// A circle of redirects is "unavailable" (allow), a giant file is no robots.txt.
			const harmless = error instanceof EgressFailed && /^too_/.test(error.code);
			if (harmless) return { access: 'all', text: '' };
			throw error;
		}
	}
}

function parsed(origin: string, data: Stored, seconds: number): Rules {
	return {
		...data,
		parsed: data.access === 'rules' ? parseRobots(`${origin}/robots.txt`, data.text) : null,
		expiresAt: Date.now() + seconds * 1000,
	};
}

/** `Mozilla/5.0 (compatible; AutopilotBot/1.0; +https://...)` -> `AutopilotBot`. */
export function productToken(userAgent: string): string {
	const compatible = /compatible;\s*([A-Za-z_-]+)/.exec(userAgent)?.[1];
	return compatible ?? /^[A-Za-z_-]+/.exec(userAgent)?.[0] ?? '*';
}
