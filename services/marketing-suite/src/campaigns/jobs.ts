import { defineJob } from '@autopilot/jobs';
import { z } from 'zod';

/**
 * Sends a campaign until nobody is left. A worker that dies counts as an attempt, an SMTP server that is down does
 * not: the run waits for it.
 */
export const sendCampaignJob = defineJob({
	name: 'send-campaign',
	payload: z.object({ campaignId: z.uuid() }),
	maxAttempts: 20,
	backoffMs: 500,
});

/** Sends a campaign to given addresses, outside the ledger. */
export const sendTestJob = defineJob({
	name: 'send-test',
	payload: z.object({ campaignId: z.uuid(), to: z.array(z.string()) }),
	maxAttempts: 3,
	backoffMs: 1000,
});
