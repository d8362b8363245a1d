-- Launches of products: that one has begun, how far it is, and until when nobody need wonder that nothing is heard of it.
CREATE TABLE launches (
	product_id uuid PRIMARY KEY REFERENCES products ON DELETE CASCADE,
	state text NOT NULL CHECK (state IN ('running', 'succeeded', 'failed')),
	step text NOT NULL,
	reason text,
	run text NOT NULL,
	attempts int NOT NULL DEFAULT 1 CHECK (attempts > 0),
	started_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	quiet_until timestamptz NOT NULL DEFAULT now(),
	ended_at timestamptz CHECK ((ended_at IS NULL) = (state = 'running'))
);
CREATE INDEX launches_quiet ON launches (quiet_until) WHERE state = 'running';
