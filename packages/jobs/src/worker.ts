import { randomUUID } from 'node:crypto';
import type { Logger, Redis } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { Queue, Worker } from 'bullmq';
import { type JobHandler, JobFailure } from './definition.ts';
import { finish } from './jobs.ts';
import {
	CANCEL_CHANNEL,
	claimJob,
	type ClaimedJob,
	dueJobs,
	type JobEnd,
	JOBS_CHANNEL,
	type Lease,
	renewLease,
	requeueJob,
	requeueOrphans,
	setProgress,
	spentOrphans,
} from './store.ts';

export interface JobWorkerOptions {
	db: Database;
	/** A connection made by `connectRedis` without `failFast`. */
	redis: Redis;
	logger: Logger;
	/** Name of the queue in Redis: the service's. */
	queue: string;
	handlers: JobHandler[];
	/** Jobs under way at once in this process. */
	concurrency: number;
	/** Seconds without a sign of life after which another worker takes a job over; 15 by default. */
	leaseSeconds?: number;
}

/** Renewed at half of it; a process that is busy for seconds must not lose it. */
const LEAST_LOCK_SECONDS = 5;
const SWEEP_MS = 1000;
const SWEEP_LIMIT = 500;
const PROGRESS_MS = 250;
/** How long a run may go on after the process was asked to stop. */
const GRACE_MS = 10_000;
const STOPPING = 'the process stops';
const CANCELLED = 'the job was cancelled';

/**
 * Runs jobs until it is closed. Rows are the truth and Redis the motor: a sweeper puts every due row into the queue,
 * so that nothing is lost when Redis is emptied, and takes back the jobs of workers that died.
 * @returns closes it: lets runs end, and puts back those that take too long
 */
export async function startJobWorker(options: JobWorkerOptions): Promise<() => Promise<void>> {
	return new JobWorker(options).start();
}

class JobWorker {
	readonly #options: JobWorkerOptions;
	readonly #handlers: Map<string, JobHandler>;
	readonly #leaseSeconds: number;
	readonly #runs = new Set<{ id: string; abort: AbortController }>();
	readonly #queue: Queue;

	constructor(options: JobWorkerOptions) {
		this.#options = options;
		this.#leaseSeconds = options.leaseSeconds ?? 15;
		this.#handlers = new Map(options.handlers.map((h) => [h.definition.name, h]));
		const connection = options.redis;
		this.#queue = new Queue(options.queue, { connection });
		this.#queue.on('error', (error) => this.#warn(error, 'queue'));
	}

	async start(): Promise<() => Promise<void>> {
		const { db, redis, queue, concurrency } = this.#options;
		const connection = redis.duplicate({ maxRetriesPerRequest: null });
		const forgottenMs = Math.max(this.#leaseSeconds, LEAST_LOCK_SECONDS) * 1000;
		const worker = new Worker(queue, async ({ data }) => this.#run(String(data.id)), {
			connection,
			concurrency,
			// A lost lock only matters to BullMQ; whether a run may go on is decided by the lease in the row.
			maxStalledCount: 0,
			// A worker that died between taking a job and claiming its row blocks the job until its lock is found stale.
			lockDuration: forgottenMs,
			stalledInterval: forgottenMs,
			removeOnComplete: { count: 0 },
			removeOnFail: { count: 0 },
		});
		worker.on('error', (error) => this.#warn(error, 'worker'));
		const unlisten = await db.listen(JOBS_CHANNEL, (payload) => {
			const [name = '', id = ''] = payload.split(' ', 2);
			if (this.#handlers.has(name)) void this.#dispatch([{ id, attempts: 0 }]);
		});
		const uncancel = await db.listen(CANCEL_CHANNEL, (id) => {
			for (const run of this.#runs) if (run.id === id) run.abort.abort(new Error(CANCELLED));
		});
		const sweeping = setInterval(() => void this.#sweep(), SWEEP_MS);
		void this.#sweep();
		return async () => {
			clearInterval(sweeping);
			await Promise.all([unlisten(), uncancel()]);
			const cutOff = setTimeout(() => {
				for (const { abort } of this.#runs) abort.abort(new Error(STOPPING));
			}, GRACE_MS);
			await worker.close();
			clearTimeout(cutOff);
			await this.#queue.close();
			connection.disconnect();
		};
	}

	async #sweep(): Promise<void> {
		const { db } = this.#options;
		const names = [...this.#handlers.keys()];
		try {
			await requeueOrphans(db, names);
			for (const { id, token } of await spentOrphans(db, names)) {
				await this.#end(id, token, {
					state: 'failed',
					error: { code: 'worker_died', message: 'Each worker that ran this job died.' },
				});
			}
			await this.#dispatch(await dueJobs(db, names, SWEEP_LIMIT));
		} catch (error) {
			this.#warn(error, 'sweep');
		}
	}

	// An id that is queued already is left alone by BullMQ, so sweeping too often does no harm.
	async #dispatch(jobs: { id: string; attempts: number }[]): Promise<void> {
		if (jobs.length === 0 || this.#options.redis.status !== 'ready') return;
		try {
			await this.#queue.addBulk(
				jobs.map(({ id, attempts }) => ({
					name: 'run',
					data: { id },
					opts: { jobId: `${id}-${attempts}`, removeOnComplete: true, removeOnFail: true },
				})),
			);
		} catch (error) {
			this.#warn(error, 'dispatch');
		}
	}

	async #run(id: string): Promise<void> {
		const abort = new AbortController();
		const run = { id, abort };
		// Before it is claimed: from then on it may be cancelled, and that is told only once.
		this.#runs.add(run);
		try {
			const lease = { token: randomUUID(), leaseSeconds: this.#leaseSeconds };
			const job = await claimJob(this.#options.db, id, lease);
			const handler = job === undefined ? undefined : this.#handlers.get(job.name);
			if (job === undefined || handler === undefined) return;
			// Its worker had no time to hear of it.
			if (job.cancelled) abort.abort(new Error(CANCELLED));
			await this.#handle(job, handler, { lease, abort });
		} finally {
			this.#runs.delete(run);
		}
	}

	async #handle(
		job: ClaimedJob,
		handler: JobHandler,
		{ lease, abort }: { lease: Lease; abort: AbortController },
	): Promise<void> {
		const { db, logger } = this.#options;
		const { id, correlationId } = job;
		const { token } = lease;
		const heartbeat = setInterval(
			() => void this.#beat(id, lease, abort),
			(this.#leaseSeconds * 1000) / 3,
		);
		const progress = new ProgressWriter((percent, step) =>
			setProgress(db, id, { token, percent, step }),
		);
		try {
			abort.signal.throwIfAborted();
			const result = await handler.run({
				id,
				payload: job.payload,
				attempt: job.attempts,
				correlationId,
				signal: abort.signal,
				logger: logger.child({ job: id, correlationId }),
				progress: (percent, step) => progress.set(percent, step),
			});
			await progress.flush();
			await this.#end(id, token, { state: 'succeeded', result: result ?? null });
		} catch (error) {
			await progress.flush();
			await this.#failed(job, handler, { token, error, aborted: abort.signal });
		} finally {
			clearInterval(heartbeat);
		}
	}

	async #beat(id: string, lease: Lease, abort: AbortController): Promise<void> {
		try {
			const state = await renewLease(this.#options.db, id, lease);
			if (state === 'cancelled') abort.abort(new Error(CANCELLED));
			if (state === 'lost') abort.abort(new Error('another worker has taken the job over'));
		} catch (error) {
			this.#warn(error, 'heartbeat');
		}
	}

	async #failed(
		job: ClaimedJob,
		{ definition }: JobHandler,
		run: { token: string; error: unknown; aborted: AbortSignal },
	): Promise<void> {
		const { db, logger } = this.#options;
		const { token } = run;
		const reason = run.aborted.aborted ? messageOf(run.aborted.reason) : undefined;
		if (reason === CANCELLED) return this.#end(job.id, token, { state: 'cancelled' });
		if (reason === STOPPING) {
			return requeueJob(db, job.id, { token, delayMs: 0, counted: false });
		}
		const { correlationId } = job;
		logger.warn({ err: run.error, job: job.id, correlationId }, 'job run failed');
		const error = describe(run.error);
		if (run.error instanceof JobFailure || job.attempts >= job.maxAttempts) {
			return this.#end(job.id, token, { state: 'failed', error });
		}
		const delay = definition.backoffMs * 2 ** (job.attempts - 1);
		const delayMs = delay * (0.75 + Math.random() * 0.5);
		return requeueJob(db, job.id, { token, delayMs, error, counted: true });
	}

	async #end(id: string, token: string | null, end: JobEnd): Promise<void> {
		await this.#options.db.transaction(async (tx) => {
			const job = await finish(tx, id, { token, end });
			if (job !== undefined) await this.#handlers.get(job.name)?.finished?.(tx, job);
		});
	}

	#warn(error: unknown, part: string): void {
		this.#options.logger.warn({ err: error, part }, 'jobs');
	}
}

/** Writes the latest progress at most every 250 ms, for a render reports it by the frame. */
class ProgressWriter {
	readonly #write: (percent: number, step: string) => Promise<void>;
	#latest: { percent: number; step: string } | undefined;
	#timer: NodeJS.Timeout | undefined;
	#writing: Promise<void> = Promise.resolve();

	constructor(write: (percent: number, step: string) => Promise<void>) {
		this.#write = write;
	}

	set(percent: number, step: string): void {
		this.#latest = { percent: Math.max(0, Math.min(100, Math.round(percent))), step };
		this.#timer ??= setTimeout(() => void this.flush(), PROGRESS_MS);
	}

	// What is lost of a progress is told by the next; it must not fail the job.
	flush(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const latest = this.#latest;
		this.#latest = undefined;
		if (latest === undefined) return this.#writing;
		this.#writing = this.#writing
			.then(() => this.#write(latest.percent, latest.step))
			.catch(() => undefined);
		return this.#writing;
	}
}

function describe(error: unknown): { code: string; message: string } {
	const code = error instanceof JobFailure ? error.code : 'run_failed';
	return { code, message: messageOf(error) };
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
