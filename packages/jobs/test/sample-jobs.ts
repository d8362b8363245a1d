import { z } from 'zod';
import { defineJob } from '../src/index.ts';

/** A job that writes a row each time it runs, and can be told to hang. */
export const note = defineJob({
	name: 'note',
	payload: z.object({ text: z.string().min(1), hang: z.boolean().default(false) }),
	maxAttempts: 3,
	backoffMs: 20,
});
