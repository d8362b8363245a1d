import { createEgress } from '@autopilot/egress';
import { connectRedis, createApiKey, createLogger, parseConfig } from '@autopilot/http';
import { createTestDatabase, startTestRedis, until } from '@autopilot/postgres/testing';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../src/app.ts';
import { configSchema } from '../src/config.ts';
import { migrations } from '../src/migrations.ts';
import { startSending } from '../src/sending/worker.ts';
import { installBuiltInTemplates } from '../src/templates/built-in.ts';
import { createCompiler } from '../src/templates/compiler.ts';
import { startSmtpSink } from './smtp-sink.ts';

export const PUBLIC_URL = 'http://mail.example';
export const MJML = `<mjml><mj-body><mj-section><mj-column>
<mj-text>Dear {{ contact.firstName }}, meet {{ data.title }}.</mj-text>
<mj-button href="{{ data.url }}">Look</mj-button>
<mj-text><a href="{{ unsubscribeUrl }}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>`;

/** The marketing suite on a database, a Redis and an SMTP server of its own. */
export async function startMarketingApp(overrides: Record<string, string> = {}) {
	const database = await createTestDatabase(migrations);
	const redisServer = await startTestRedis();
	const sink = await startSmtpSink();
	const redis = connectRedis(redisServer.url, { name: 'test', failFast: true });
	const egress = createEgress({ allow: ['127.0.0.1'] });
	const compiler = createCompiler();
	const environment = {
		PORT: '0',
		PUBLIC_URL,
		DATABASE_URL: database.url,
		REDIS_URL: redisServer.url,
		SIGNING_SECRET: 'test'.repeat(8),
		RATE_LIMIT_PER_MINUTE: '100000',
		SMTP_URL: sink.url,
		MAIL_FROM: 'Test Shop <shop@shop.example>',
		INBOX_URL: sink.inboxUrl,
		LOG_LEVEL: 'silent',
		...overrides,
	};
	const config = parseConfig(configSchema, environment);
	const logger = createLogger('marketing-suite', config.LOG_LEVEL);
	const app = await buildApp({ config, db: database.db, redis, egress, compiler, logger });
	await installBuiltInTemplates(database.db);
	const { key } = await createApiKey(database.db, { name: 'test', scopes: ['*'] });
	const workers: (() => Promise<void>)[] = [];

	async function call(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		url: string,
		payload?: object,
		headers: Record<string, string> = {},
	) {
		const answer = await app.inject({
			method,
			url,
			headers: { authorization: `Bearer ${key}`, ...headers },
			...(payload === undefined ? {} : { payload }),
		});
		const json = String(answer.headers['content-type']).includes('json');
		return { status: answer.statusCode, body: json ? answer.json() : undefined };
	}
	/** A worker in this process; tests that kill one spawn it. */
	async function startWorker() {
		const workerRedis = connectRedis(redisServer.url, { name: 'test worker' });
		const stop = await startSending({ config, db: database.db, redis: workerRedis, logger });
		const close = async () => {
			workers.splice(workers.indexOf(close), 1);
			await stop();
			workerRedis.disconnect();
		};
		workers.push(close);
		return close;
	}
	/**
	 * What a dead worker held is free when its leases have run out; tests do not wait for that. What it had sent off
	 * before it died is waited for, the mails at the SMTP server and the statements at the database.
	 */
	async function leaveNothing() {
		await sink.quiet();
		await until(
			async () => {
				const { rowCount } = await database.db.query(
					`SELECT 1 FROM pg_stat_activity
					WHERE datname = current_database() AND application_name LIKE 'marketing-suite worker%'`,
				);
				return rowCount === 0;
			},
			{ what: 'the end of the sessions of the dead worker' },
		);
		await database.db.query(`UPDATE jobs SET lease_until = now() WHERE state = 'running'`);
		await database.db.query(`UPDATE recipients SET lease_until = now() WHERE state = 'sending'`);
	}
	return {
		app,
		db: database.db,
		redisServer,
		redis,
		sink,
		call,
		startWorker,
		/** The worker as a process of its own. */
		spawnWorker() {
			const file = fileURLToPath(new URL('../src/worker.ts', import.meta.url));
			const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
				env: { PATH: process.env.PATH, ...environment },
				stdio: ['ignore', 'ignore', 'inherit'],
			});
			const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
			const end = async () => {
				child.kill('SIGKILL');
				await ended;
			};
			workers.push(end);
			return {
				async kill() {
					await end();
					await leaveNothing();
				},
			};
		},
		/** A list with this many contacts, `<prefix>0@example.com` and so on. */
		async listOf(prefix: string, count: number): Promise<string> {
			const { body: list } = await call('POST', '/api/lists', { name: prefix });
			for (let from = 0; from < count; from += 1000) {
				const contacts = Array.from({ length: Math.min(1000, count - from) }, (_, index) => ({
					email: `${prefix}${from + index}@example.com`,
					name: `Person ${from + index}`,
				}));
				const consent = { source: 'test' };
				await call('POST', '/api/contacts/import', { listId: list.id, contacts, consent });
			}
			return list.id;
		},
		/** A draft to these lists. */
		async draft(lists: string[], more: object = {}) {
			const { body } = await call('POST', '/api/campaigns', {
				...{ name: 'Launch', subject: 'Meet {{ data.title }}', mjml: MJML, lists },
				data: { title: 'Ember One', url: 'https://shop.example/ember' },
				...more,
			});
			return body;
		},
		send: (id: string) => call('POST', `/api/campaigns/${id}/send`, {}),
		analytics: async (id: string) => (await call('GET', `/api/campaigns/${id}/analytics`)).body,
		async status(id: string): Promise<string> {
			return (await call('GET', `/api/campaigns/${id}`)).body.status;
		},
		/** Waits until a campaign that is paused has no mail under way, and none will be until it is resumed. */
		async atRest(id: string) {
			const { jobId } = (await call('GET', `/api/campaigns/${id}`)).body;
			// The run has seen that it is paused: what it had claimed before is in the ledger.
			const paused = async () =>
				(await call('GET', `/api/v1/jobs/${jobId}`)).body.progress.step.startsWith('paused');
			await until(paused, { what: 'the run sees the pause' });
			await until(async () => (await this.analytics(id)).sending === 0);
		},
		/** Waits until a campaign has been sent. */
		async sent(id: string) {
			const done = async () => (await this.status(id)) === 'sent';
			await until(done, { timeoutMs: 240_000, what: 'the campaign is sent' });
			return this.analytics(id);
		},
		async eventTypes(aggregateId: string): Promise<string[]> {
			const { rows } = await database.db.query<{ type: string }>(
				'SELECT type FROM outbox WHERE aggregate_id = $1 ORDER BY seq',
				[aggregateId],
			);
			return rows.map(({ type }) => type);
		},
		async close() {
			await Promise.all([...workers].map((close) => close()));
			await app.close();
			await compiler.close();
			await egress.close();
			redis.disconnect();
			await redisServer.stop();
			await sink.close();
			await database.drop();
		},
	};
}

export type MarketingApp = Awaited<ReturnType<typeof startMarketingApp>>;
