import type { Logger } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import type { z } from 'zod';
import type { Job } from './schema.ts';

/** A kind of job: its name and payload, known to who queues it and to who runs it. */
export interface JobDefinition<Payload extends z.ZodType> {
	name: string;
	/** Parsed when the job is queued, and again when it runs, perhaps by a newer version of the code. */
	payload: Payload;
	/** Runs before it fails for good; a worker that dies counts as one. */
	maxAttempts: number;
	/** Time before the second attempt, doubled for each further one, +-25 %. */
	backoffMs: number;
}

export function defineJob<Payload extends z.ZodType>(
	definition: Pick<JobDefinition<Payload>, 'name' | 'payload'> & Partial<JobDefinition<Payload>>,
): JobDefinition<Payload> {
	return { maxAttempts: 3, backoffMs: 2000, ...definition };
}

/** What a run of a job is given. */
export interface JobContext<Payload> {
	id: string;
	payload: Payload;
	/** 1 for the first run. A run must be safe to repeat: the one before may have died anywhere. */
	attempt: number;
	correlationId: string;
	/** Aborts when the job is cancelled, when its lease was lost, or when the process stops. */
	signal: AbortSignal;
	logger: Logger;
	/** @param percent  0 to 100 */
	progress(percent: number, step: string): void;
}

export interface JobHandler {
	definition: JobDefinition<z.ZodType>;
	run(context: JobContext<unknown>): Promise<unknown>;
	/** In the transaction that ends the job, success or failure: the place for its event. */
	finished?: (tx: Tx, job: Job) => Promise<void>;
}

/**
 * Joins a job's definition with what it does.
 * @param run  its answer is stored as the job's result, as JSON
 */
export function handle<Payload extends z.ZodType>(
	definition: JobDefinition<Payload>,
	run: (context: JobContext<z.output<Payload>>) => Promise<unknown>,
	finished?: (tx: Tx, job: Job) => Promise<void>,
): JobHandler {
	return {
		definition,
		run: (context) => run({ ...context, payload: definition.payload.parse(context.payload) }),
		...(finished === undefined ? {} : { finished }),
	};
}

/** Thrown by a run that would fail again however often it ran: the job fails at once. */
export class JobFailure extends Error {
	override readonly name = 'JobFailure';
	/** Machine-readable, e.g. `image_unreadable`. */
	readonly code: string;

	constructor(code: string, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}
}
