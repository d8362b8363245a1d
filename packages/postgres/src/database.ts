import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Statement } from './statement.ts';

/** Anything SQL can be sent to: the pool or one transaction. */
export interface Queryable {
	/** @param sql  text, or a {@link Statement}, which each connection parses and plans once */
	query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
		sql: string | Statement,
		values?: readonly unknown[],
	): Promise<pg.QueryResult<Row>>;
}

/** A transaction in progress. Functions that write take one, so that their caller decides what belongs together. */
export interface Tx extends Queryable {
	/** Runs `work` under a savepoint: what it did is undone when it throws, the transaction itself stays usable. */
	savepoint<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface Notification {
	channel: string;
	payload: string;
}

/** What is sent here outside of `transaction` is a transaction by itself. */
export interface Database extends Queryable {
	/**
	 * Commits when `work` resolves, rolls back when it throws. Deadlocks and serialization failures are run again, as those
	 * of a single `query` are: three times at most.
	 */
	transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
	/**
	 * LISTENs on a channel over its own connection, which is opened again when it breaks.
	 * Notifications sent while it was broken are lost, so listeners must also poll.
	 * @returns a function that stops listening
	 */
	listen(channel: string, onNotification: (payload: string) => void): Promise<() => Promise<void>>;
	close(): Promise<void>;
}

const RETRYABLE = new Set(['40001', '40P01']);
const RETRY_WITHIN_MS = 50;
const RECONNECT_MS = 1000;

// int8 arrives as text by default; our counts, amounts and sequences stay below 2^53.
const types: pg.CustomTypesConfig = {
	getTypeParser: (oid, format) =>
		oid === pg.types.builtins.INT8
			? (text: string) => Number(text)
			: pg.types.getTypeParser(oid, format),
};

/**
 * Opens a pool.
 * @param url  `postgres://user:password@host:port/database`
 * @param options.name  shown in pg_stat_activity, so that an operator sees who holds a lock
 * @param options.max  most connections at once, 10 by default
 */
export function connect(url: string, options: { name: string; max?: number }): Database {
	const pool = new pg.Pool({
		connectionString: url,
		application_name: options.name,
		max: options.max ?? 10,
		connectionTimeoutMillis: 10_000,
		idleTimeoutMillis: 30_000,
		types,
	});
	// An idle connection that the server closes must not take the process down; the next query opens another.
	pool.on('error', () => undefined);
	const listeners = new Set<Listener>();

	return {
		query: (sql, values) => withRetries(() => pool.query(toQuery(sql, values))),
		transaction: (work) => withRetries(() => runTransaction(pool, work)),
		async listen(channel, onNotification) {
			const listener = new Listener(url, options.name, channel, onNotification);
			listeners.add(listener);
			await listener.start();
			return async () => {
				listeners.delete(listener);
				await listener.stop();
			};
		},
		async close() {
			await Promise.all([...listeners].map((listener) => listener.stop()));
			await pool.end();
		},
	};
}

function toQuery(sql: string | Statement, values?: readonly unknown[]): pg.QueryConfig {
	const statement = typeof sql === 'string' ? { text: sql } : sql;
	return values === undefined ? { ...statement } : { ...statement, values: [...values] };
}

async function withRetries<Result>(run: () => Promise<Result>, attemptsLeft = 3): Promise<Result> {
	try {
		return await run();
	} catch (error) {
		const code = error instanceof pg.DatabaseError ? error.code : undefined;
		if (code === undefined || !RETRYABLE.has(code) || attemptsLeft <= 1) throw error;
	}
	// Those who met once meet again when they all begin anew at the same time.
	await wait(Math.random() * RETRY_WITHIN_MS);
	return withRetries(run, attemptsLeft - 1);
}

async function runTransaction<Result>(
	pool: pg.Pool,
	work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
	const client = await pool.connect();
	let broken: Error | undefined;
	const onError = (error: Error) => {
		broken = error;
	};
	client.on('error', onError);
	try {
		await client.query('BEGIN');
		const result = await work(transactionOn(client));
		await client.query('COMMIT');
		return result;
	} catch (error) {
		await client.query('ROLLBACK').catch((rollbackError: Error) => {
			broken = rollbackError;
		});
		throw error;
	} finally {
		client.off('error', onError);
		client.release(broken);
	}
}

function transactionOn(client: pg.PoolClient): Tx {
	let savepoints = 0;
	return {
		query: (sql, values) => client.query(toQuery(sql, values)),
		async savepoint(work) {
			const name = `s${++savepoints}`;
			await client.query(`SAVEPOINT ${name}`);
			try {
				const result = await work();
				await client.query(`RELEASE SAVEPOINT ${name}`);
				return result;
			} catch (error) {
				await client.query(`ROLLBACK TO SAVEPOINT ${name}`);
				throw error;
			}
		},
	};
}

class Listener {
	readonly #url: string;
	readonly #name: string;
	readonly #channel: string;
	readonly #onNotification: (payload: string) => void;
	#client: pg.Client | undefined;
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;

	constructor(url: string, name: string, channel: string, onNotification: (p: string) => void) {
		this.#url = url;
		this.#name = name;
		this.#channel = channel;
		this.#onNotification = onNotification;
	}

	async start(): Promise<void> {
		const client = new pg.Client({
			connectionString: this.#url,
			application_name: `${this.#name} listen ${this.#channel}`,
			keepAlive: true,
		});
		this.#client = client;
		client.on('error', () => this.#reconnect(client));
		client.on('end', () => this.#reconnect(client));
		client.on('notification', (message) => this.#onNotification(message.payload ?? ''));
		await client.connect();
		await client.query(`LISTEN ${pg.escapeIdentifier(this.#channel)}`);
	}

	#reconnect(client: pg.Client): void {
		if (this.#stopped || this.#client !== client) return;
		this.#client = undefined;
		this.#timer = setTimeout(() => {
			this.start().catch(() => {
				if (this.#client !== undefined) this.#reconnect(this.#client);
			});
		}, RECONNECT_MS);
		this.#timer.unref();
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		clearTimeout(this.#timer);
		const client = this.#client;
		this.#client = undefined;
		await client?.end().catch(() => undefined);
	}
}
