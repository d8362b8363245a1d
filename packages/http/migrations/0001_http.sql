CREATE TABLE api_keys (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	name text NOT NULL,
	-- The key itself is shown once and never stored: 190 random bits need no slow hash.
	hash bytea NOT NULL UNIQUE,
	prefix text NOT NULL,
	scopes text[] NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz,
	revoked_at timestamptz,
	last_used_at timestamptz
);

CREATE TABLE idempotency_keys (
	api_key_id uuid NOT NULL REFERENCES api_keys ON DELETE CASCADE,
	key text NOT NULL,
	request_hash bytea NOT NULL,
	status int,
	content_type text,
	body text,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (api_key_id, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
