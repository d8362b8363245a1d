import { type Job, type JobContext, JobFailure } from '@autopilot/jobs';
import type { Logger } from '@autopilot/http';
import type { Database, Tx } from '@autopilot/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { analyticsOf } from '../campaigns/analytics.ts';
import { writeLedger } from '../campaigns/audience-store.ts';
import { LEDGER_PIECE, tell } from '../campaigns/campaigns.ts';
import type { Analytics } from '../campaigns/schema.ts';
import { findCampaign, findCampaignOfJob, findSnapshot, moveStatus } from '../campaigns/store.ts';
import { type Composer, type ComposerParts, createComposer } from './compose.ts';
import type { Courier } from './courier.ts';
import type { DeliveryLookup } from './delivery-lookup.ts';
import { claim, countOpen, readStanding } from './ledger.ts';
import { Reconciler } from './reconcile.ts';

export interface SenderParts extends ComposerParts {
	db: Database;
	courier: Courier;
	lookup: DeliveryLookup | undefined;
	logger: Logger;
}

const IDLE_MS = 200;
const PROGRESS_MS = 500;
/** Of a large ledger counting takes a while, and is done for a fiftieth of the time at most. */
const COUNTING_SHARE = 1 / 50;

/**
 * Sends a campaign until its ledger has nobody left who waits. Safe to repeat and to run twice at once: what is to be
 * done is read from the ledger alone.
 */
export async function sendCampaign(
	parts: SenderParts,
	{ payload, signal, progress, correlationId }: JobContext<{ campaignId: string }>,
): Promise<Analytics> {
	const id = payload.campaignId;
	const { db } = parts;
	// A job that has failed may be started again by way of the jobs API.
	await moveStatus(db, id, { from: ['failed'], to: 'sending' });
	const campaign = await findCampaign(db, id);
	const content = await findSnapshot(db, id);
	if (campaign === undefined || content === undefined || campaign.status === 'cancelled') {
		throw new JobFailure('campaign_ended', 'The campaign was cancelled or deleted.');
	}
	const composer = await createComposer(db, parts, { campaign, content });
	const reconciler = new Reconciler(
		{ ...parts, outcomes: parts.courier.outcomes },
		{ campaign, composer, correlationId },
	);
	const run = new Run(parts, { id, composer, reconciler, correlationId, signal });
	await run.writeLedger();
	await run.toTheEnd(({ status, audience, done }) => {
		progress((100 * done) / Math.max(1, audience), `${status}: ${done} of ${audience}`);
	});
	return analyticsOf(db, id);
}

/** Ends the campaign with its job, in the same transaction. */
export async function finishCampaign(tx: Tx, job: Job): Promise<void> {
	const campaign = await findCampaignOfJob(tx, job.id);
	if (campaign === undefined) return;
	const to = job.state === 'succeeded' ? 'sent' : job.state === 'failed' ? 'failed' : 'cancelled';
	const error = job.state === 'failed' ? (job.error?.message ?? null) : null;
	if (await moveStatus(tx, campaign.id, { from: ['sending', 'paused'], to, error })) {
		await tell(tx, campaign.id, 'campaign.finished', { correlationId: job.correlationId });
	}
}

interface RunOf {
	id: string;
	composer: Composer;
	reconciler: Reconciler;
	correlationId: string;
	signal: AbortSignal;
}

/** One run of the job that sends a campaign. */
class Run {
	readonly #parts: SenderParts;
	readonly #of: RunOf;
	readonly #deliveries = new Set<Promise<void>>();
	#failure: unknown;
	#dueFrom: string | null = null;
	#open = { count: 0, goodUntil: 0 };

	constructor(parts: SenderParts, of: RunOf) {
		this.#parts = parts;
		this.#of = of;
	}

	/** Writes what the command has left of it: everybody has a row before the first mail goes out. */
	async writeLedger(): Promise<void> {
		const { id, signal } = this.#of;
		const { db } = this.#parts;
		for (let more = true; more;) {
			signal.throwIfAborted();
			more = await db.transaction((tx) => writeLedger(tx, id, LEDGER_PIECE));
		}
	}

	async toTheEnd(
		report: (progress: { status: string; audience: number; done: number }) => void,
	): Promise<void> {
		const { id, reconciler, signal } = this.#of;
		const { db, courier } = this.#parts;
		let lookedAt = 0;
		try {
			for (;;) {
				signal.throwIfAborted();
				if (this.#failure !== undefined) throw this.#failure;
				const found = await this.#sendSome();
				if (found && performance.now() - lookedAt < PROGRESS_MS) continue;
				lookedAt = performance.now();
				await reconciler.run();
				const standing = await readStanding(db, id);
				this.#dueFrom = standing.dueFrom;
				const { status, audience } = standing;
				report({ status, audience, done: audience - (await this.#countOpen()) });
				if (found) continue;
				const open = standing.nextDueSeconds !== null || standing.sending;
				if (!open && (!standing.uncertain || !reconciler.maySettle)) return;
				const dueMs = (standing.nextDueSeconds ?? 1) * 1000;
				const leaseMs = courier.leaseSeconds * 250;
				await sleep(Math.max(20, Math.min(IDLE_MS, dueMs, leaseMs)), undefined, { signal });
			}
		} finally {
			// What is under way is seen through: cutting it off would leave it uncertain.
			await Promise.all(this.#deliveries);
		}
	}

	async #countOpen(): Promise<number> {
		const from = performance.now();
		if (from < this.#open.goodUntil) return this.#open.count;
		const count = await countOpen(this.#parts.db, this.#of.id);
		const until = performance.now();
		this.#open = { count, goodUntil: until + (until - from) / COUNTING_SHARE };
		return count;
	}

	/** Claims as many recipients as there are lanes and leave, and sets them going. @returns whether there were any */
	async #sendSome(): Promise<boolean> {
		const { db, courier } = this.#parts;
		const { id, signal } = this.#of;
		await courier.outage.over(signal);
		let lanes = await courier.lanes.take(courier.outage.isOn ? 1 : Infinity, signal);
		try {
			const limit = await courier.rateLimit.take(lanes, signal);
			const claimedAt = performance.now();
			const { leaseSeconds } = courier;
			const { claimed, suppressed } = await claim(db, id, {
				limit,
				leaseSeconds,
				dueFrom: this.#dueFrom,
			});
			for (const recipient of claimed) {
				lanes--;
				this.#start(recipient, claimedAt);
			}
			return claimed.length + suppressed > 0;
		} finally {
			courier.lanes.giveBack(lanes);
		}
	}

	#start(recipient: Parameters<Courier['deliver']>[0], claimedAt: number): void {
		const { courier, db } = this.#parts;
		const { id, composer, correlationId } = this.#of;
		const delivery = courier
			.deliver(recipient, {
				...{ composer, correlationId, claimedAt },
				onSenderRefused: () => this.#pause(db, id),
			})
			.catch((error: unknown) => {
				this.#failure = error;
			})
			.finally(() => {
				this.#deliveries.delete(delivery);
				courier.lanes.giveBack(1);
			});
		this.#deliveries.add(delivery);
	}

	// Nobody would get the mail: an operator has to mend the sender, and then nobody is missing.
	async #pause(db: Database, id: string): Promise<void> {
		const error =
			'The SMTP server refuses the sender. Check the sender of the campaign and MAIL_FROM, then resume.';
		await moveStatus(db, id, { from: ['sending'], to: 'paused', error });
	}
}
