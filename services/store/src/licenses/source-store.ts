import { type Queryable, statement, type Tx } from '@autopilot/postgres';
import type { Source } from './state.ts';

const SOURCES = statement(`SELECT kind, subject_id AS "subjectId", state,
	subscription_id AS "subscriptionId", period_end AS "periodEnd", grace_until AS "graceUntil",
	source_at AS "sourceAt", source_id AS "sourceId"
FROM license_sources WHERE subject_id = ANY($1::uuid[])`);

/** A source as it is told. */
export interface Told extends Source {
	/** How late in a life this state comes. */
	rank: number;
	/** Which of several of this kind it is about, where there may be several: the dispute of a renewal. */
	about?: string;
}

/** What payments have said about these orders and lines. */
export async function selectSources(
	db: Queryable,
	subjectIds: readonly (string | null)[],
): Promise<(Source & { subjectId: string })[]> {
	const subjects = subjectIds.filter((id) => id !== null);
	if (subjects.length === 0) return [];
	const { rows } = await db.query<Source & { subjectId: string }>(SOURCES, [subjects]);
	return rows;
}

/** Keeps what is newer than what is known. @returns false for what is known already, or older */
export async function upsertSource(tx: Tx, subjectId: string, source: Told): Promise<boolean> {
	const { rowCount } = await tx.query(
		`INSERT INTO license_sources AS s (kind, subject_id, state, subscription_id, period_end,
			grace_until, source_at, source_rank, source_id, about)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (kind, subject_id, about) DO UPDATE SET state = EXCLUDED.state,
			subscription_id = EXCLUDED.subscription_id, period_end = EXCLUDED.period_end,
			grace_until = EXCLUDED.grace_until, source_at = EXCLUDED.source_at,
			source_rank = EXCLUDED.source_rank, source_id = EXCLUDED.source_id
		WHERE s.source_id <> EXCLUDED.source_id
			AND CASE s.kind WHEN 'renewal'
				-- About the later period, whatever clock told it; within one period the refund comes after the payment.
				THEN (EXCLUDED.period_end, EXCLUDED.source_rank, EXCLUDED.source_at, EXCLUDED.source_id)
					> (s.period_end, s.source_rank, s.source_at, s.source_id)
				-- One dispute only goes on.
				WHEN 'renewal_dispute' THEN EXCLUDED.source_rank > s.source_rank
				ELSE (EXCLUDED.source_at, EXCLUDED.source_rank, coalesce(EXCLUDED.period_end, '-infinity'),
					EXCLUDED.source_id)
					> (s.source_at, s.source_rank, coalesce(s.period_end, '-infinity'), s.source_id) END`,
		[
			source.kind,
			subjectId,
			source.state,
			source.subscriptionId,
			source.periodEnd,
			source.graceUntil,
			source.sourceAt,
			source.rank,
			source.sourceId,
			source.about ?? '',
		],
	);
	return rowCount === 1;
}
