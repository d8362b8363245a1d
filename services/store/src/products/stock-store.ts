import type { Tx } from '@autopilot/postgres';

/** Takes movements that were not told yet. @returns how many, and the products whose stock they moved */
export async function takeUntoldStock(
	tx: Tx,
	limit: number,
): Promise<{ moved: number; products: { productId: string; correlationId: string }[] }> {
	const { rows } = await tx.query<{ moved: number; productId: string; correlationId: string }>(
		`WITH taken AS (
			UPDATE stock_movements SET told = true
			WHERE id IN (SELECT id FROM stock_movements WHERE NOT told ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
			RETURNING id, variant_id, correlation_id
		)
		SELECT DISTINCT ON (v.product_id) (SELECT count(*) FROM taken) AS moved, v.product_id AS "productId",
			t.correlation_id AS "correlationId"
		FROM taken t JOIN variants v ON v.id = t.variant_id ORDER BY v.product_id, t.id DESC`,
		[limit],
	);
	return { moved: rows[0]?.moved ?? 0, products: rows };
}
