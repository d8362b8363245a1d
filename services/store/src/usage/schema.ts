import { z } from 'zod';
import { counter } from '../license-policies/schema.ts';
import { licenseKey } from '../devices/schema.ts';

export const countUsage = z.object({
	key: licenseKey,
	counter: z.string().min(1).max(100),
	n: z.int().min(1).max(1_000_000_000).default(1),
	idempotencyKey: z.string().min(1).max(200).optional().describe('The same one counts once'),
});
export type CountUsage = z.output<typeof countUsage>;

export const usage = z.object({
	counter: z.string(),
	used: z.int(),
	limit: counter.shape.limit,
	remaining: z.int().nullable(),
	period: counter.shape.period,
	resetsAt: z.iso.datetime().nullable(),
});
export type Usage = z.output<typeof usage>;
