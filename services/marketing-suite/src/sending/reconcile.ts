import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Campaign } from '../campaigns/schema.ts';
import type { Composer } from './compose.ts';
import type { DeliveryLookup } from './delivery-lookup.ts';
import { expireLeases, findUncertain, type Uncertain } from './ledger.ts';
import type { Outcome } from './outcomes-store.ts';
import type { OutcomeWriter } from './outcomes.ts';

export interface ReconcileParts {
	db: Database;
	logger: Logger;
	lookup: DeliveryLookup | undefined;
	outcomes: OutcomeWriter;
}

/** Times that a lookup may fail in one run before the campaign's policy decides instead. */
const MAX_LOOKUP_FAILURES = 30;

/**
 * Looks after mails of which nobody knows whether they went out: asks who can tell, and where nobody can, goes by the
 * campaign's policy. At most once: they stay `uncertain` and are listed. At least once: they are sent again.
 */
export class Reconciler {
	readonly #parts: ReconcileParts;
	readonly #campaign: Campaign;
	readonly #composer: Composer;
	readonly #correlationId: string;
	#failures = 0;

	constructor(
		parts: ReconcileParts,
		run: { campaign: Campaign; composer: Composer; correlationId: string },
	) {
		this.#parts = parts;
		this.#campaign = run.campaign;
		this.#composer = run.composer;
		this.#correlationId = run.correlationId;
	}

	/** True while uncertain mails may still be settled, so that the campaign has to wait for them. */
	get maySettle(): boolean {
		return this.#canAsk || this.#campaign.deliveryPolicy === 'at_least_once';
	}

	get #canAsk(): boolean {
		return this.#parts.lookup !== undefined && this.#failures < MAX_LOOKUP_FAILURES;
	}

	async run(): Promise<void> {
		const { db, logger } = this.#parts;
		const { id } = this.#campaign;
		const expired = await expireLeases(db, id);
		if (expired > 0) logger.warn({ campaign: id, mails: expired }, 'mails of a dead worker');
		if (!this.maySettle) return;
		const uncertain = await findUncertain(db, id);
		if (uncertain.length === 0) return;
		if (this.#canAsk) await this.#ask(uncertain);
		else await this.#settle(uncertain, () => 'pending');
	}

	async #ask(uncertain: Uncertain[]): Promise<void> {
		const { logger, lookup } = this.#parts;
		const idOf = ({ contactId }: Uncertain) => this.#composer.messageIdOf(contactId ?? '');
		const sought = uncertain.flatMap((row) =>
			row.email === null ? [] : [{ messageId: idOf(row), email: row.email }],
		);
		try {
			const accepted = (await lookup?.accepted(sought)) ?? new Set();
			await this.#settle(uncertain, (row) => (accepted.has(idOf(row)) ? 'sent' : 'pending'));
			logger.info(
				{ campaign: this.#campaign.id, asked: sought.length, accepted: accepted.size },
				'uncertain mails settled',
			);
		} catch (error) {
			this.#failures++;
			logger.warn({ err: error, failures: this.#failures }, 'delivery lookup failed');
		}
	}

	async #settle(
		uncertain: Uncertain[],
		stateOf: (row: Uncertain) => Outcome['state'],
	): Promise<void> {
		await Promise.all(
			uncertain.map((row) =>
				this.#parts.outcomes.write({
					...{ id: row.id, attempt: row.attempt, state: stateOf(row) },
					...{ error: null, response: null, delaySeconds: 0, refused: false },
					correlationId: this.#correlationId,
				}),
			),
		);
	}
}
