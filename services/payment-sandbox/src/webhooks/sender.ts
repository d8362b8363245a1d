import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Sandbox } from '../sandbox.ts';
import { CALM, RAZORPAY_ENDPOINT } from './queue.ts';

/** Stripe retries for three days; here the first ones come quickly, since a developer is waiting. */
const RETRY_AFTER_S = [1, 5, 15, 60, 300, 1800, 7200, 18_000, 36_000, 86_400];
const CONCURRENCY = 32;
const TIME_LIMIT_MS = 15_000;

/** Stripe's signature header. */
export function stripeSignature(body: string, secret: string, at: number): string {
	return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

/** One try to deliver, as it is shown to people. */
export interface Attempt {
	at: string;
	event: string;
	type: string;
	endpoint: string;
	attempt: number;
	/** Status of the answer, or why there was none. */
	outcome: number | string;
	ms: number;
}

interface Row {
	id: number;
	event: string;
	endpoint: string;
	body: string;
	attempt: number;
}

/** Sends what is due, with as many at once as `CONCURRENCY`, on connections that are kept. */
export class Sender {
	/** The latest attempts, for people. */
	readonly attempts: Attempt[] = [];
	readonly #sandbox: Sandbox;
	readonly #agents = {
		'http:': new http.Agent({ keepAlive: true, maxSockets: CONCURRENCY }),
		'https:': new https.Agent({ keepAlive: true, maxSockets: CONCURRENCY }),
	};
	readonly #underWay = new Set<number>();
	#timer: NodeJS.Timeout | undefined;
	#scheduled = false;
	#closed = false;

	constructor(sandbox: Sandbox) {
		this.#sandbox = sandbox;
	}

	/** Looks for due deliveries soon; many calls in one turn are one look. */
	wake(): void {
		if (this.#scheduled || this.#closed) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			if (!this.#closed) this.#look();
		});
	}

	#look(): void {
		const { state } = this.#sandbox;
		const room = CONCURRENCY - this.#underWay.size;
		if (room <= 0) return;
		const rows = state
			.sql(
				'SELECT id, event, endpoint, body, attempt FROM deliveries WHERE held = 0 AND due <= ? ORDER BY due, id LIMIT ?',
			)
			.all(Date.now(), room + this.#underWay.size);
		for (const row of rows) {
			const id = Number(row['id']);
			if (this.#underWay.has(id) || this.#underWay.size >= CONCURRENCY) continue;
			this.#underWay.add(id);
			void this.#deliver({
				id,
				event: String(row['event']),
				endpoint: String(row['endpoint']),
				body: String(row['body']),
				attempt: Number(row['attempt']),
			}).finally(() => {
				this.#underWay.delete(id);
				this.wake();
			});
		}
		if (this.#underWay.size === 0) this.#sleep();
	}

	#sleep(): void {
		const next = this.#sandbox.state
			.sql('SELECT min(due) AS due FROM deliveries WHERE held = 0')
			.get()?.['due'];
		clearTimeout(this.#timer);
		if (next === null || next === undefined) return;
		this.#timer = setTimeout(
			() => this.wake(),
			Math.min(Math.max(0, Number(next) - Date.now()), 60_000),
		);
		this.#timer.unref();
	}

	async #deliver(row: Row): Promise<void> {
		const { state } = this.#sandbox;
		const startedAt = performance.now();
		const target = this.#targetOf(row);
		const { dropRate } = state.setting('webhooks', CALM);
		const dropped = row.attempt === 0 && dropRate > 0 && Math.random() < dropRate;
		const outcome =
			target === undefined
				? 'the endpoint is gone'
				: dropped
					? 'dropped'
					: await this.#post(target.url, row.body, target.headers);
		if (this.#closed) return;
		const done = typeof outcome === 'number' && outcome >= 200 && outcome < 300;
		const wait = RETRY_AFTER_S[row.attempt];
		if (done || target === undefined || wait === undefined) {
			state.sql('DELETE FROM deliveries WHERE id = ?').run(row.id);
		} else {
			state
				.sql('UPDATE deliveries SET attempt = attempt + 1, due = ? WHERE id = ?')
				.run(Date.now() + wait * 1000, row.id);
		}
		this.#remember(row, outcome, performance.now() - startedAt);
	}

	#targetOf(row: Row): { url: string; headers: Record<string, string> } | undefined {
		const { state, config } = this.#sandbox;
		if (row.endpoint === RAZORPAY_ENDPOINT) {
			const { RAZORPAY_WEBHOOK_URL: url, RAZORPAY_WEBHOOK_SECRET: secret } = config;
			if (url === undefined || secret === undefined) return undefined;
			const signature = createHmac('sha256', secret).update(row.body).digest('hex');
			return {
				url,
				headers: { 'x-razorpay-signature': signature, 'x-razorpay-event-id': row.event },
			};
		}
		const endpoint = state.get('webhook_endpoint', row.endpoint);
		if (endpoint === undefined) return undefined;
		const signature = stripeSignature(row.body, endpoint.secret, Math.floor(Date.now() / 1000));
		return { url: endpoint.url, headers: { 'stripe-signature': signature } };
	}

	#remember({ body, event, endpoint, attempt }: Row, outcome: number | string, ms: number): void {
		const type = /"type":"([^"]+)"\}$/.exec(body)?.[1] ?? /"event":"([^"]+)"/.exec(body)?.[1] ?? '';
		this.attempts.push({
			at: new Date().toISOString(),
			...{ event, type, endpoint, attempt: attempt + 1, outcome, ms: Math.round(ms) },
		});
		if (this.attempts.length > 500) this.attempts.shift();
	}

	#post(url: string, body: string, headers: Record<string, string>): Promise<number | string> {
		const { protocol } = new URL(url);
		const secure = protocol === 'https:';
		return new Promise((resolve) => {
			const request = (secure ? https : http).request(
				url,
				{
					method: 'POST',
					agent: this.#agents[secure ? 'https:' : 'http:'],
					timeout: TIME_LIMIT_MS,
					headers: {
						'content-type': 'application/json; charset=utf-8',
						'content-length': Buffer.byteLength(body),
						'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
						...headers,
					},
				},
				(response) => {
					response.resume();
					response.on('end', () => resolve(response.statusCode ?? 0));
					response.on('error', (error) => resolve(error.message));
				},
			);
			request.on('timeout', () => request.destroy(new Error('no answer in 15 s')));
			request.on('error', (error) => resolve(error.message));
			request.end(body);
		});
	}

	/** How many deliveries wait, held ones among them. */
	pending(): { waiting: number; held: number } {
		const row = this.#sandbox.state
			.sql('SELECT count(*) AS waiting, coalesce(sum(held), 0) AS held FROM deliveries')
			.get();
		return { waiting: Number(row?.['waiting'] ?? 0), held: Number(row?.['held'] ?? 0) };
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#agents['http:'].destroy();
		this.#agents['https:'].destroy();
	}
}
