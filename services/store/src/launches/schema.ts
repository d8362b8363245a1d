import { pageQuery } from '@autopilot/http';
import { z } from 'zod';

const text = (length: number) => z.string().trim().min(1).max(length);
const step = text(100);
const run = text(100);
const reason = text(1000);
const WEEK_MINUTES = 7 * 24 * 60;
const quietMinutes = z
	.int()
	.min(0)
	.max(WEEK_MINUTES)
	.default(0)
	.describe('For how long nothing may be heard of it, as while a video is made');

export const launchState = z.enum(['running', 'succeeded', 'failed']);

export const launch = z.object({
	productId: z.uuid(),
	state: launchState,
	step: z.string().describe('How far it is, in the words of the flow'),
	reason: z.string().nullable().describe('Why it has failed'),
	run: z.string().describe('The execution that cares for it'),
	attempts: z.int().describe('Runs it has had'),
	startedAt: z.iso.datetime(),
	updatedAt: z.iso.datetime(),
	quietUntil: z.iso.datetime(),
	endedAt: z.iso.datetime().nullable(),
});
export type Launch = z.output<typeof launch>;

export const beginLaunch = z.object({ run, step: step.default('begun'), quietMinutes });
export type BeginLaunch = z.output<typeof beginLaunch>;

export const updateLaunch = z.object({
	step: step.optional(),
	quietMinutes,
	state: launchState.default('running'),
	reason: reason.optional(),
});
export type UpdateLaunch = z.output<typeof updateLaunch>;

export const takeUpLaunch = z.object({
	attempt: z.int().min(2).max(100).describe('Of those who take up the same one, one gets it'),
	quietMinutes,
});
export type TakeUpLaunch = z.output<typeof takeUpLaunch>;

export const listLaunches = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	state: launchState.optional(),
	unattendedMinutes: z.coerce
		.number()
		.int()
		.min(1)
		.optional()
		.describe(
			'Running, but not heard of for so long after they might have been quiet; without archived products',
		),
});
export type ListLaunches = z.output<typeof listLaunches>;
