import { z } from 'zod';

export const jobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);

/** A job as callers see it. */
export const job = z.object({
	id: z.uuid(),
	name: z.string(),
	state: jobState,
	progress: z.object({ percent: z.int(), step: z.string() }),
	attempts: z.int(),
	result: z.unknown(),
	error: z.object({ code: z.string(), message: z.string() }).nullable(),
	correlationId: z.string(),
	createdAt: z.iso.datetime(),
	startedAt: z.iso.datetime().nullable(),
	finishedAt: z.iso.datetime().nullable(),
});
export type Job = z.output<typeof job>;

/** Asks for one signed POST to `url` when `count` jobs that name the same url have ended. */
export const callback = z.object({
	url: z.url({ protocol: /^https?$/ }).max(2000),
	count: z.int().min(1).max(1000).default(1),
});
export type JobCallback = z.output<typeof callback>;
