import type { Logger, Redis } from '@autopilot/http';
import { handle, startJobWorker } from '@autopilot/jobs';
import type { Database } from '@autopilot/postgres';
import { inboxLookup } from '../adapters/inbox.ts';
import { sendCampaignJob, sendTestJob } from '../campaigns/jobs.ts';
import type { Config } from '../config.ts';
import { finishMail, sendMail, sendMailJob } from '../mails/jobs.ts';
import { createCompiler } from '../templates/compiler.ts';
import { createTokens } from '../tracking/tokens.ts';
import { Courier } from './courier.ts';
import { createRateLimit } from './rate-limit.ts';
import { finishCampaign, sendCampaign } from './send-campaign.ts';
import { sendTest } from './send-test.ts';
import { createSmtpTransport } from './transport.ts';

/** Campaigns under way at once in a process. They share the SMTP connections, so one that is paused costs nothing. */
const CAMPAIGNS = 50;

/** While one mail goes over a connection, another is claimed and a third is noted as sent. */
const LANES_PER_CONNECTION = 2;

/** Sends what is to be sent, until it is closed. */
export async function startSending(options: {
	config: Config;
	db: Database;
	redis: Redis;
	logger: Logger;
}): Promise<() => Promise<void>> {
	const { config, db, redis, logger } = options;
	const connections = config.SMTP_CONNECTIONS;
	const leaseSeconds = config.SEND_LEASE_SECONDS;
	const transport = createSmtpTransport({ url: config.SMTP_URL, connections });
	const rateLimit = createRateLimit(redis, config.SEND_RATE_PER_SECOND);
	const lanes = connections * LANES_PER_CONNECTION;
	const courier = new Courier({ db, logger, transport, rateLimit, lanes, leaseSeconds });
	const compiler = createCompiler();
	const parts = {
		...{ db, logger, courier, transport, compiler },
		lookup: config.INBOX_URL === undefined ? undefined : inboxLookup(config.INBOX_URL),
		tokens: createTokens(config.SIGNING_SECRET),
		publicUrl: config.PUBLIC_URL,
		defaultFrom: config.MAIL_FROM,
	};
	const stop = await startJobWorker({
		...{ db, redis, logger, leaseSeconds },
		queue: 'marketing-suite',
		concurrency: CAMPAIGNS,
		handlers: [
			handle(sendCampaignJob, (context) => sendCampaign(parts, context), finishCampaign),
			handle(sendTestJob, (context) => sendTest(parts, context)),
			handle(sendMailJob, (context) => sendMail(parts, context), finishMail),
		],
	});
	return async () => {
		await stop();
		courier.close();
		await compiler.close();
	};
}
