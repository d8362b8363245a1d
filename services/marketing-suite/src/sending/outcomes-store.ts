import { emitAll } from '@autopilot/events';
import type { Database, Tx } from '@autopilot/postgres';

/** What became of one try. */
export interface Outcome {
	id: string;
	attempt: number;
	state: 'sent' | 'failed' | 'pending' | 'uncertain';
	error: string | null;
	response: string | null;
	/** For `pending` and `uncertain`: seconds until somebody looks at it again. */
	delaySeconds: number;
	/** True when the recipient's own server has asked to come back later. */
	refused: boolean;
	correlationId: string;
}

/**
 * Records outcomes, each only if no later try holds its row, and tells `email.sent` and `email.failed` in the same
 * transaction. That a mail was accepted, or certainly was not, is true however late it comes: it also corrects what
 * has been declared uncertain meanwhile.
 */
export async function recordOutcomes(db: Database, outcomes: Outcome[]): Promise<void> {
	const causes = new Map(outcomes.map(({ id, correlationId }) => [id, correlationId]));
	await db.transaction(async (tx) => {
		const recorded = await updateRecipients(tx, outcomes);
		const told = recorded.filter(({ state }) => state === 'sent' || state === 'failed');
		await emitAll(
			tx,
			told.map(({ state, error, ...data }) => ({
				type: `email.${state}`,
				aggregate: { type: 'email', id: data.recipientId },
				data: state === 'failed' ? { ...data, error } : data,
				correlationId: causes.get(data.recipientId) ?? data.campaignId,
			})),
		);
	});
}

interface Recorded {
	recipientId: string;
	campaignId: string;
	contactId: string | null;
	email: string;
	attempt: number;
	state: Outcome['state'];
	error: string | null;
}

async function updateRecipients(tx: Tx, outcomes: Outcome[]): Promise<Recorded[]> {
	const { rows } = await tx.query<Recorded>(
		`UPDATE recipients r SET state = o.state, error = o.error,
			response = coalesce(o.response, r.response), lease_until = NULL,
			sent_at = CASE WHEN o.state = 'sent' THEN now() END,
			due_at = now() + make_interval(secs => o.delay),
			refusals = r.refusals + CASE WHEN o.refused THEN 1 ELSE 0 END
		FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::bool[])
			AS o (id, attempt, state, error, response, delay, refused)
		WHERE r.id = o.id AND r.attempt = o.attempt
			AND (r.state IN ('sending', 'uncertain') OR (r.state = 'pending' AND o.state = 'sent'))
		RETURNING r.id AS "recipientId", r.campaign_id AS "campaignId", r.contact_id AS "contactId",
			r.email, r.attempt, r.state, r.error`,
		[
			outcomes.map((o) => o.id),
			outcomes.map((o) => o.attempt),
			outcomes.map((o) => o.state),
			outcomes.map((o) => o.error),
			outcomes.map((o) => o.response),
			outcomes.map((o) => o.delaySeconds),
			outcomes.map((o) => o.refused),
		],
	);
	return rows;
}
