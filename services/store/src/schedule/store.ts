import type { Tx } from '@autopilot/postgres';

/** True when nobody runs the task and its turn has come; it is ours until the transaction ends. */
export async function claimTurn(
	tx: Tx,
	{ name, everyMs }: { name: string; everyMs: number },
): Promise<boolean> {
	const { rows } = await tx.query<{ free: boolean }>(
		`SELECT pg_try_advisory_xact_lock(hashtextextended('schedule ' || $1, 0)) AS free`,
		[name],
	);
	if (rows[0]?.free !== true) return false;
	// A little early is in time: timers of several workers never meet exactly.
	const { rowCount } = await tx.query(
		`INSERT INTO schedule_runs AS r (task, started_at) VALUES ($1, clock_timestamp())
		ON CONFLICT (task) DO UPDATE SET started_at = EXCLUDED.started_at
			WHERE r.started_at <= clock_timestamp() - make_interval(secs => $2 * 0.9 / 1000.0)`,
		[name, everyMs],
	);
	return rowCount === 1;
}
