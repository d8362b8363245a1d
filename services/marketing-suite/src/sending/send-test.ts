import { type JobContext, JobFailure } from '@autopilot/jobs';
import { findCampaign } from '../campaigns/store.ts';
import { campaignContent } from '../campaigns/content.ts';
import type { Compiler } from '../templates/compiler.ts';
import { sampleContact } from '../templates/content.ts';
import { TEST_TOKEN } from '../tracking/test-token.ts';
import { createComposer } from './compose.ts';
import type { SenderParts } from './send-campaign.ts';
import type { SmtpTransport } from './transport.ts';

/** Sends a campaign as it is now to given addresses. Nothing of it is tracked or in the ledger. */
export async function sendTest(
	parts: SenderParts & { transport: SmtpTransport; compiler: Compiler },
	{ id, payload, signal }: JobContext<{ campaignId: string; to: string[] }>,
): Promise<{ accepted: string[] }> {
	const { db, compiler, transport, publicUrl } = parts;
	const campaign = await findCampaign(db, payload.campaignId);
	if (campaign === undefined) throw new JobFailure('campaign_deleted', 'The campaign is gone.');
	const content = await campaignContent(db, compiler, campaign);
	const tokens = { ...parts.tokens, make: () => TEST_TOKEN };
	const untracked = { ...campaign, trackOpens: false, trackClicks: false };
	const composer = await createComposer(db, { ...parts, tokens }, { campaign: untracked, content });
	for (const [index, email] of payload.to.entries()) {
		signal.throwIfAborted();
		const contact = { ...sampleContact, contactId: sampleContact.id, email };
		const mail = await composer.compose(contact);
		const result = await transport.send({
			...mail,
			subject: `[Test] ${mail.subject}`,
			messageId: `<test-${id}-${index}@${new URL(publicUrl).hostname}>`,
		});
		if (result.kind !== 'accepted') {
			throw new Error(`${email}: ${'response' in result ? result.response : result.reason}`);
		}
	}
	return { accepted: payload.to };
}
