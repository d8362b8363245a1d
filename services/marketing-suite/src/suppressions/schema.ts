import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { email } from '../mailbox.ts';

export const createSuppression = z.object({
	email,
	reason: z.string().trim().min(1).max(200).default('manual'),
});
export type CreateSuppression = z.output<typeof createSuppression>;

export const suppression = z.object({
	id: z.uuid(),
	email: z.string().nullable().describe('null for a person who was erased'),
	reason: z.string(),
	createdAt: z.iso.datetime(),
});
export type Suppression = z.output<typeof suppression>;

export const listSuppressions = z.object({ ...pageQuery, cursor: z.uuid().optional() });
export type ListSuppressions = z.output<typeof listSuppressions>;
