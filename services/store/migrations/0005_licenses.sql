-- What a licence of a product permits. One policy for each product; a licence keeps a copy of its terms, so that a
-- changed policy holds for what is sold from then on and takes nothing from those who bought before.
CREATE TABLE license_policies (
	product_id uuid PRIMARY KEY REFERENCES products ON DELETE CASCADE,
	issue_per text NOT NULL DEFAULT 'line' CHECK (issue_per IN ('line', 'unit')),
	-- From the issue on; null never ends. A licence of a subscription ends with its paid period instead.
	duration_days int CHECK (duration_days > 0),
	max_devices int CHECK (max_devices > 0),
	max_downloads int CHECK (max_downloads > 0),
	terms jsonb NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);

-- No foreign keys to products, orders and lines: a licence outlives what it was sold by.
CREATE TABLE licenses (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	product_id uuid,
	product_title text NOT NULL,
	order_id uuid,
	order_number text,
	order_line_id uuid,
	unit int NOT NULL DEFAULT 1,
	customer_id uuid REFERENCES customers ON DELETE SET NULL,
	email text NOT NULL,
	name text,
	status text NOT NULL CHECK (status IN ('active', 'expired', 'suspended', 'revoked')),
	status_reason text,
	-- What an operator has decided; payments do not undo it.
	hold text CHECK (hold IN ('suspended', 'revoked')),
	hold_reason text,
	-- Ids of payment events that an operator has overruled by reinstating the licence.
	overruled_sources text[] NOT NULL DEFAULT '{}',
	-- SHA-256 of the key in its canonical spelling. The key itself is derived from the id, the version and a secret.
	key_hash bytea NOT NULL UNIQUE,
	key_prefix text NOT NULL,
	key_version int NOT NULL DEFAULT 1,
	key_preview text NOT NULL,
	-- An imported key can not be derived: it is kept encrypted (AES-256-GCM).
	key_sealed bytea,
	terms jsonb NOT NULL,
	max_devices int CHECK (max_devices > 0),
	max_downloads int CHECK (max_downloads > 0),
	device_count int NOT NULL DEFAULT 0 CHECK (device_count >= 0),
	download_count int NOT NULL DEFAULT 0 CHECK (download_count >= 0),
	activation_window timestamptz,
	activation_window_count int NOT NULL DEFAULT 0,
	file_seq int NOT NULL DEFAULT 0,
	subscription_id uuid,
	subscription_status text,
	starts_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz,
	-- End of the grace that a subscription gives; without one the days of the terms count from expires_at.
	grace_until timestamptz,
	-- When it stops to work: the end of the grace. Kept so that one index finds what has expired.
	ends_at timestamptz,
	-- The fewest days before expires_at that `license.expiring` has been told for, and for which expires_at.
	expiring_told int,
	expiring_told_for timestamptz,
	-- By limit: when somebody was last told that it was reached.
	limits_told jsonb NOT NULL DEFAULT '{}',
	last_validated_at timestamptz,
	metadata jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (order_line_id, unit)
);
CREATE INDEX licenses_order ON licenses (order_id);
CREATE INDEX licenses_email ON licenses (lower(email), id DESC);
CREATE INDEX licenses_customer ON licenses (customer_id, id DESC);
CREATE INDEX licenses_product ON licenses (product_id, id DESC);
CREATE INDEX licenses_ending ON licenses (ends_at) WHERE status = 'active';
CREATE INDEX licenses_expiring ON licenses (expires_at) WHERE status = 'active';

-- The newest that payments have told, by what it is about. Kept apart from licences because a refund may be told
-- before the licence is issued, and so that an older event can never undo a newer one.
CREATE TABLE license_sources (
	kind text NOT NULL CHECK (kind IN ('refund', 'dispute', 'subscription')),
	-- The order, or the line of the order, that it is about.
	subject_id uuid NOT NULL,
	state text NOT NULL,
	subscription_id uuid,
	period_end timestamptz,
	grace_until timestamptz,
	source_at timestamptz NOT NULL,
	-- Decides between events of the same second: the later state of a life has the higher rank.
	source_rank int NOT NULL,
	source_id text NOT NULL,
	PRIMARY KEY (kind, subject_id)
);

CREATE TABLE license_history (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	license_id uuid NOT NULL REFERENCES licenses ON DELETE CASCADE,
	action text NOT NULL,
	-- Name of the API key, or the part of the system that did it.
	actor text NOT NULL,
	detail jsonb NOT NULL DEFAULT '{}',
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX license_history_license ON license_history (license_id, id DESC);

CREATE TABLE activations (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	license_id uuid NOT NULL REFERENCES licenses ON DELETE CASCADE,
	-- SHA-256: a fingerprint may be made of serial numbers, which are nobody's business.
	fingerprint_hash bytea NOT NULL,
	label text,
	metadata jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	last_seen_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (license_id, fingerprint_hash)
);

CREATE TABLE license_usage (
	license_id uuid NOT NULL REFERENCES licenses ON DELETE CASCADE,
	counter text NOT NULL,
	period_start timestamptz NOT NULL,
	used bigint NOT NULL CHECK (used >= 0),
	PRIMARY KEY (license_id, counter, period_start)
);
-- What was counted under which key, so that a repeated call counts once.
CREATE TABLE license_usage_records (
	license_id uuid NOT NULL REFERENCES licenses ON DELETE CASCADE,
	counter text NOT NULL,
	idempotency_key text NOT NULL,
	n bigint NOT NULL,
	used bigint,
	period_start timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (license_id, counter, idempotency_key)
);

-- Ed25519 keys that sign licence files and the revocation list.
CREATE TABLE signing_keys (
	-- Thumbprint of the public key (RFC 7638).
	kid text PRIMARY KEY,
	public_key bytea NOT NULL,
	-- PKCS #8, AES-256-GCM under a key derived from SIGNING_SECRET.
	private_key_sealed bytea NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	-- Published from created_at on; signs from here on, so that clients know it before they meet it.
	active_from timestamptz NOT NULL,
	-- Withdrawn at once, when it may be in wrong hands.
	revoked_at timestamptz
);

CREATE TABLE license_files (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	license_id uuid NOT NULL REFERENCES licenses ON DELETE CASCADE,
	seq int NOT NULL,
	kid text NOT NULL REFERENCES signing_keys,
	fingerprint_hash bytea,
	issued_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	revoked_at timestamptz,
	UNIQUE (license_id, seq)
);
CREATE INDEX license_files_kid ON license_files (kid, expires_at DESC);
CREATE INDEX license_files_alive ON license_files (expires_at);

CREATE TABLE assets (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	-- No foreign key: who bought the product may still download it when it is gone from the catalogue.
	product_id uuid NOT NULL,
	version text NOT NULL,
	file_name text NOT NULL,
	content_type text NOT NULL,
	size bigint NOT NULL CHECK (size >= 0),
	sha256 bytea NOT NULL,
	-- Entitlement that a licence must grant to download it; null for all.
	entitlement text,
	storage_key text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	deleted_at timestamptz
);
CREATE UNIQUE INDEX assets_name ON assets (product_id, version, file_name) WHERE deleted_at IS NULL;

CREATE TABLE downloads (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	license_id uuid NOT NULL REFERENCES licenses ON DELETE CASCADE,
	asset_id uuid NOT NULL REFERENCES assets,
	issued_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL,
	requests int NOT NULL DEFAULT 0,
	bytes_served bigint NOT NULL DEFAULT 0,
	first_served_at timestamptz,
	last_served_at timestamptz,
	completed_at timestamptz
);
CREATE INDEX downloads_license ON downloads (license_id, id DESC);
