import { emit } from '@autopilot/events';
import { conflict, notFound, unprocessable } from '@autopilot/http';
import { cancel, enqueue, type Job, type JobCallback } from '@autopilot/jobs';
import type { Queryable, Tx } from '@autopilot/postgres';
import type { Cause } from '../contacts/contacts.ts';
import type { EventType } from '../event-types.ts';
import { listIdsOf } from '../lists/lists.ts';
import { checkText, compileMjml } from '../templates/content.ts';
import type { Compiler } from '../templates/compiler.ts';
import { templateIdOf } from '../templates/templates.ts';
import { analyticsOf } from './analytics.ts';
import {
	type Audience,
	countAudience,
	countRecipients,
	countSuppressed,
	writeLedger,
} from './audience-store.ts';
import { campaignContent, contentBlockers } from './content.ts';
import { sendCampaignJob, sendTestJob } from './jobs.ts';
import type { Blocker, Campaign, CreateCampaign, SendResult, UpdateCampaign } from './schema.ts';
import {
	beginSending,
	deleteCampaignRow,
	findCampaign,
	findCampaignByKey,
	insertCampaign,
	insertSnapshot,
	moveStatus,
	replaceLists,
	setSending,
	updateDraft,
} from './store.ts';

export async function getCampaign(db: Queryable, id: string): Promise<Campaign> {
	const campaign = await findCampaign(db, id);
	if (campaign === undefined) throw notFound('campaign', id);
	return campaign;
}

/** Creates a draft; with a `sendOnceKey` that is known it gives the campaign that has it. */
export async function createCampaign(
	tx: Tx,
	compiler: Compiler,
	input: CreateCampaign,
): Promise<{ campaign: Campaign; created: boolean }> {
	const { lists, ...values } = input;
	const known = input.sendOnceKey && (await findCampaignByKey(tx, input.sendOnceKey));
	if (known) return { campaign: known, created: false };
	const listIds = await listIdsOf(tx, lists, '/lists');
	const id = await insertCampaign(tx, { ...values, ...(await contentValues(tx, compiler, input)) });
	if (id === undefined) {
		// Somebody else has taken the key between the look and the insert.
		const first = await findCampaignByKey(tx, input.sendOnceKey ?? '');
		if (first === undefined) throw new Error('A sendOnceKey is taken by no campaign.');
		return { campaign: first, created: false };
	}
	await replaceLists(tx, id, listIds);
	return { campaign: await checked(tx, compiler, id), created: true };
}

export async function updateCampaign(
	tx: Tx,
	compiler: Compiler,
	{ id, lists, ...patch }: UpdateCampaign & { id: string },
): Promise<Campaign> {
	const values = { ...patch, ...(await contentValues(tx, compiler, patch)) };
	if (!(await updateDraft(tx, id, values))) {
		const { status } = await getCampaign(tx, id);
		throw conflict('campaign_not_draft', `The campaign is ${status}; only a draft can be changed.`);
	}
	if (lists !== undefined) await replaceLists(tx, id, await listIdsOf(tx, lists, '/lists'));
	return checked(tx, compiler, id);
}

export async function deleteCampaign(tx: Tx, id: string): Promise<void> {
	if (await deleteCampaignRow(tx, id)) return;
	const { status } = await getCampaign(tx, id);
	throw conflict('campaign_running', `The campaign is ${status}. Cancel it first.`);
}

/** People written into the ledger at once: some 0.1 s of locks. Smaller campaigns have it whole when they begin. */
export const LEDGER_PIECE = 5000;

/**
 * Begins to send, in one transaction: draft -> sending, the first piece of the ledger, snapshot of the content, job,
 * which writes the rest of the ledger first. Of two calls at once one sends and the other is told the state.
 * @throws {Problem} 422 that names what is in the way
 */
export async function startSending(
	tx: Tx,
	compiler: Compiler,
	{ id, ...how }: Cause & { id: string; callerId: string; callback?: JobCallback | undefined },
): Promise<{ result: SendResult; started: boolean }> {
	const begun = await beginSending(tx, id);
	const campaign = await getCampaign(tx, id);
	if (!begun) return { result: await resultOf(tx, campaign), started: false };
	const content = await campaignContent(tx, compiler, campaign);
	const audience = await openLedger(tx, id);
	const blockers = [...contentBlockers(campaign, content), ...audienceBlockers(audience)];
	const [first] = blockers;
	if (first !== undefined) {
		throw unprocessable(
			first.code,
			blockers.map(({ detail }) => detail).join(' '),
			blockers.map(({ detail }) => ({ pointer: '', detail })),
		);
	}
	await insertSnapshot(tx, id, content);
	const job = await enqueue(tx, sendCampaignJob, { campaignId: id }, how);
	await setSending(tx, id, { jobId: job.id, audience: audience.audience });
	await tell(tx, id, 'campaign.started', how);
	const result = { ...audience, id, status: 'sending' as const, jobId: job.id };
	return { result: { ...result, dryRun: false, blockedBy: [] }, started: true };
}

/** Counts who would get a campaign and tells what is in the way; changes nothing. */
export async function rehearse(db: Queryable, compiler: Compiler, id: string): Promise<SendResult> {
	const campaign = await getCampaign(db, id);
	if (campaign.status !== 'draft') return { ...(await resultOf(db, campaign)), dryRun: true };
	const audience = await countAudience(db, id);
	const content = await campaignContent(db, compiler, campaign);
	return {
		...audience,
		...{ id, status: campaign.status, jobId: null, dryRun: true },
		blockedBy: [...contentBlockers(campaign, content), ...audienceBlockers(audience)],
	};
}

export async function sendTest(
	tx: Tx,
	compiler: Compiler,
	{ id, to, ...how }: Cause & { id: string; to: string[]; callerId: string },
): Promise<Job> {
	// Compiled here, so that the worker never has to.
	await campaignContent(tx, compiler, await getCampaign(tx, id));
	return enqueue(tx, sendTestJob, { campaignId: id, to }, how);
}

export async function pauseCampaign(tx: Tx, id: string): Promise<Campaign> {
	await moveOr(tx, id, { from: ['sending'], to: 'paused' });
	return getCampaign(tx, id);
}

export async function resumeCampaign(tx: Tx, id: string): Promise<Campaign> {
	await moveOr(tx, id, { from: ['paused'], to: 'sending' });
	return getCampaign(tx, id);
}

/** Ends a campaign for good. Who has not got the mail stays pending in the ledger. */
export async function cancelCampaign(tx: Tx, id: string, cause: Cause): Promise<Campaign> {
	const { jobId } = await getCampaign(tx, id);
	const moved = await moveOr(tx, id, { from: ['draft', 'sending', 'paused'], to: 'cancelled' });
	if (moved && jobId !== null) {
		await cancel(tx, jobId);
		await tell(tx, id, 'campaign.finished', cause);
	}
	return getCampaign(tx, id);
}

export async function tell(tx: Tx, id: string, type: EventType, cause: Cause): Promise<void> {
	const data = { ...(await getCampaign(tx, id)), analytics: await analyticsOf(tx, id) };
	const { correlationId } = cause;
	await emit(tx, { type, aggregate: { type: 'campaign', id }, data, correlationId });
}

// To be where one wants to be is no mistake: a repeated pause is answered like the first.
async function moveOr(
	tx: Tx,
	id: string,
	move: { from: Campaign['status'][]; to: Campaign['status'] },
): Promise<boolean> {
	if (await moveStatus(tx, id, move)) return true;
	const { status } = await getCampaign(tx, id);
	if (status === move.to) return false;
	throw conflict(
		'campaign_state',
		`The campaign is ${status}; it can't become ${move.to} from there.`,
	);
}

async function contentValues(
	tx: Tx,
	compiler: Compiler,
	{ templateId, mjml, subject, preheader }: Omit<UpdateCampaign, 'lists'>,
) {
	if (subject !== undefined) checkText(subject, '/subject');
	if (preheader !== undefined) checkText(preheader, '/preheader');
	return {
		templateId: templateId === undefined ? undefined : await templateIdOf(tx, templateId),
		compiled: mjml === undefined ? undefined : await compileMjml(compiler, mjml),
	};
}

/** A draft whose template fails on its own data is refused when it is made, not when it is sent. */
async function checked(tx: Tx, compiler: Compiler, id: string): Promise<Campaign> {
	const campaign = await getCampaign(tx, id);
	const content = await campaignContent(tx, compiler, campaign);
	const faults = contentBlockers(campaign, content).filter(
		({ code }) => code === 'template_faulty',
	);
	if (faults.length === 0) return campaign;
	throw unprocessable(
		'template_faulty',
		'The template fails on the data of this campaign.',
		faults.map(({ detail }) => ({ pointer: '/data', detail })),
	);
}

function audienceBlockers({ audience, suppressed }: Audience): Blocker[] {
	if (audience > suppressed) return [];
	const detail = 'Nobody would get this. Put contacts on its lists who have not unsubscribed.';
	return [{ code: 'no_recipients', detail }];
}

async function resultOf(db: Queryable, campaign: Campaign): Promise<SendResult> {
	const { id, status, jobId } = campaign;
	const audience = campaign.audience ?? 0;
	const suppressed = await countSuppressed(db, id);
	return { id, status, jobId, audience, suppressed, dryRun: false, blockedBy: [] };
}

async function openLedger(tx: Tx, id: string): Promise<Audience> {
	if (await writeLedger(tx, id, LEDGER_PIECE)) return countAudience(tx, id);
	const { audience, suppressed } = await countRecipients(tx, id);
	return { audience, suppressed };
}
