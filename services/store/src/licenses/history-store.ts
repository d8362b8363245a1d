import type { Queryable, Tx } from '@autopilot/postgres';

export interface HistoryEntry {
	licenseId: string;
	action: string;
	actor: string;
	detail?: Record<string, unknown>;
	correlationId: string;
}

export async function insertHistory(tx: Tx, entries: HistoryEntry[]): Promise<void> {
	await tx.query(
		`INSERT INTO license_history (license_id, action, actor, detail, correlation_id)
		SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::text[])`,
		[
			entries.map(({ licenseId }) => licenseId),
			entries.map(({ action }) => action),
			entries.map(({ actor }) => actor),
			entries.map(({ detail }) => JSON.stringify(detail ?? {})),
			entries.map(({ correlationId }) => correlationId),
		],
	);
}

export async function selectHistory(
	db: Queryable,
	licenseId: string,
	page: { limit: number; cursor?: string | undefined },
) {
	const { rows } = await db.query<{
		id: string;
		action: string;
		actor: string;
		detail: Record<string, unknown>;
		correlationId: string;
		createdAt: Date;
	}>(
		`SELECT id, action, actor, detail, correlation_id AS "correlationId", created_at AS "createdAt"
		FROM license_history WHERE license_id = $1 AND ($2::uuid IS NULL OR id < $2)
		ORDER BY id DESC LIMIT $3`,
		[licenseId, page.cursor ?? null, page.limit + 1],
	);
	return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
