import { z } from 'zod';
import { integer } from '../wire/parameters.ts';

/** When a trial is over: at once, or Unix seconds. */
export const trialEnd = z.union([z.literal('now'), integer]);

/** Why somebody goes, in words. */
export const cancellationDetails = z.strictObject({
	comment: z.string().optional(),
	feedback: z.string().optional(),
});
