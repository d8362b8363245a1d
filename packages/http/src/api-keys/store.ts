import type { Queryable } from '@autopilot/postgres';
import { generateKey, hashKey, prefixOf } from './keys.ts';

/** A key as it may be shown: everything but the key itself. */
export interface ApiKey {
	id: string;
	name: string;
	prefix: string;
	scopes: string[];
	createdAt: Date;
	expiresAt: Date | null;
	revokedAt: Date | null;
	lastUsedAt: Date | null;
}

/** Channel on which the end of a key is announced. */
export const KEYS_CHANNEL = 'api_keys';

const COLUMNS = `id, name, prefix, scopes, created_at AS "createdAt", expires_at AS "expiresAt",
	revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"`;

/**
 * Makes a key. The answer is the only place where its text is ever seen.
 * @param options.scopes  `resource:action`, `resource:*` or `*`
 * @param options.key  a given text instead of a random one, for keys that a deployment sets itself
 */
export async function createApiKey(
	db: Queryable,
	options: { name: string; scopes: string[]; expiresAt?: Date; key?: string },
): Promise<ApiKey & { key: string }> {
	const key = options.key ?? generateKey();
	const { rows } = await db.query<ApiKey>(
		`INSERT INTO api_keys (name, hash, prefix, scopes, expires_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (hash) DO UPDATE SET name = EXCLUDED.name, scopes = EXCLUDED.scopes, revoked_at = NULL
		RETURNING ${COLUMNS}`,
		[options.name, hashKey(key), prefixOf(key), options.scopes, options.expiresAt ?? null],
	);
	const [row] = rows;
	if (row === undefined) throw new Error('The key was not stored.');
	return { ...row, key };
}

/** All keys, the newest first. */
export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
	const { rows } = await db.query<ApiKey>(`SELECT ${COLUMNS} FROM api_keys ORDER BY id DESC`);
	return rows;
}

/**
 * Revokes a key at once: the next request with it is refused.
 * @param idOrPrefix  the id or the shown prefix
 * @returns false when there is no such key in use
 */
export async function revokeApiKey(db: Queryable, idOrPrefix: string): Promise<boolean> {
	const { rowCount } = await db.query(
		`WITH revoked AS (
			UPDATE api_keys SET revoked_at = now()
			WHERE (id::text = $1 OR prefix = $1) AND revoked_at IS NULL RETURNING id
		)
		SELECT pg_notify($2, id::text) FROM revoked`,
		[idOrPrefix, KEYS_CHANNEL],
	);
	return rowCount !== 0;
}

export type ActiveKey = Pick<ApiKey, 'id' | 'name' | 'scopes' | 'expiresAt'>;

/** The key with that text, if it is neither revoked nor expired. Notes its use, at most once a minute. */
export async function findActiveKey(db: Queryable, key: string): Promise<ActiveKey | undefined> {
	const { rows } = await db.query<ActiveKey & { stale: boolean }>(
		`SELECT id, name, scopes, expires_at AS "expiresAt",
			last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS stale
		FROM api_keys
		WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
		[hashKey(key)],
	);
	const [row] = rows;
	if (row?.stale === true) {
		await db.query('UPDATE api_keys SET last_used_at = now() WHERE id = $1', [row.id]);
	}
	return row;
}
