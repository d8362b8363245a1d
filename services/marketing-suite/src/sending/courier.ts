import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Composer } from './compose.ts';
import { Lanes } from './lanes.ts';
import { type Claimed, renewLeases } from './ledger.ts';
import { Outage } from './outage.ts';
import { OutcomeWriter } from './outcomes.ts';
import type { Outcome } from './outcomes-store.ts';
import type { RateLimit } from './rate-limit.ts';
import type { SmtpOutcome, SmtpTransport } from './transport.ts';

export interface CourierParts {
	db: Database;
	logger: Logger;
	transport: SmtpTransport;
	rateLimit: RateLimit;
	/** Mails under way at once. */
	lanes: number;
	leaseSeconds: number;
}

/** A mailbox's server may put us off this often (some 6 hours, see `retrySeconds`) before the mail has failed. */
const MAX_REFUSALS = 16;
/** The server has the mail but the answer was lost: it gets a moment to finish before it is asked. */
const SETTLING_SECONDS = 2;

/** Carries mails of all campaigns of a process to the SMTP server, over the same connections. */
export class Courier {
	readonly lanes: Lanes;
	readonly rateLimit: RateLimit;
	readonly outage = new Outage();
	readonly outcomes: OutcomeWriter;
	readonly leaseSeconds: number;
	readonly #parts: CourierParts;
	readonly #underWay = new Set<string>();
	readonly #heartbeat: NodeJS.Timeout;

	constructor(parts: CourierParts) {
		this.#parts = parts;
		this.leaseSeconds = parts.leaseSeconds;
		this.rateLimit = parts.rateLimit;
		this.lanes = new Lanes(parts.lanes);
		this.outcomes = new OutcomeWriter(parts.db, parts.logger);
		this.#heartbeat = setInterval(() => void this.#beat(), (parts.leaseSeconds * 1000) / 3);
	}

	/**
	 * Sends one mail that was claimed, and records what became of it. Resolves when that is committed.
	 * @param run.claimedAt  of `performance.now()`, before the claim
	 * @param run.onSenderRefused  done before the mail waits again, so that nobody takes it up meanwhile
	 */
	async deliver(
		recipient: Claimed,
		run: {
			composer: Composer;
			correlationId: string;
			claimedAt: number;
			onSenderRefused: () => Promise<void>;
		},
	): Promise<void> {
		const { id, attempt } = recipient;
		this.#underWay.add(id);
		try {
			const { kind, outcome } = await this.#attempt(recipient, run);
			const { correlationId } = run;
			try {
				if (kind === 'sender_refused') await run.onSenderRefused();
			} finally {
				await this.outcomes.write({ ...outcome, id, attempt, correlationId });
			}
		} finally {
			this.#underWay.delete(id);
		}
	}

	close(): void {
		clearInterval(this.#heartbeat);
		this.#parts.transport.close();
	}

	async #attempt(
		recipient: Claimed,
		{ composer, claimedAt }: { composer: Composer; claimedAt: number },
	): Promise<{
		kind: SmtpOutcome['kind'] | 'late' | 'faulty';
		outcome: Result;
	}> {
		const mail = await composer.compose(recipient).catch((error: unknown) => messageOf(error));
		if (typeof mail === 'string') {
			return { kind: 'faulty', outcome: { ...SETTLED, state: 'failed', error: mail } };
		}
		// A process that stood still may have been given up, and another may be sending this mail.
		if (performance.now() - claimedAt > (this.leaseSeconds * 1000) / 2) {
			return { kind: 'late', outcome: { ...SETTLED, state: 'pending', error: null } };
		}
		const result = await this.#parts.transport.send(mail);
		this.#notice(result);
		return { kind: result.kind, outcome: outcomeOf(result, recipient) };
	}

	#notice(result: SmtpOutcome): void {
		if (result.kind === 'unreachable') {
			if (this.outage.failed()) {
				this.#parts.logger.warn({ reason: result.reason }, 'the SMTP server can not be reached');
			}
		} else if (result.kind !== 'unknown') this.outage.worked();
	}

	async #beat(): Promise<void> {
		if (this.#underWay.size === 0) return;
		try {
			await renewLeases(this.#parts.db, [...this.#underWay], this.leaseSeconds);
		} catch (error) {
			this.#parts.logger.warn({ err: error }, 'leases not renewed');
		}
	}
}

type Result = Omit<Outcome, 'id' | 'attempt' | 'correlationId'>;
const SETTLED = { response: null, delaySeconds: 0, refused: false };

function outcomeOf(result: SmtpOutcome, { refusals }: Claimed): Result {
	switch (result.kind) {
		case 'accepted':
			return { ...SETTLED, state: 'sent', error: null, response: result.response };
		case 'refused': {
			const { response } = result;
			if (result.permanent || refusals + 1 >= MAX_REFUSALS) {
				return { ...SETTLED, state: 'failed', error: response, response };
			}
			const delaySeconds = retrySeconds(refusals);
			return { state: 'pending', error: response, response, delaySeconds, refused: true };
		}
		case 'sender_refused':
			return { ...SETTLED, state: 'pending', error: result.response, response: result.response };
		case 'unreachable':
			return { ...SETTLED, state: 'pending', error: result.reason };
		case 'unknown':
			return {
				...{ ...SETTLED, state: 'uncertain', delaySeconds: SETTLING_SECONDS },
				error: `the answer of the SMTP server was lost: ${result.reason}`,
			};
	}
}

/** 2 s, 4 s, ... up to an hour, +-20 %: greylisting lets one in after some minutes. */
function retrySeconds(refusals: number): number {
	return Math.min(2 ** (refusals + 1), 3600) * (0.8 + Math.random() * 0.4);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
