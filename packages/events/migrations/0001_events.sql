CREATE TABLE webhook_endpoints (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	url text NOT NULL,
	events text[] NOT NULL,
	description text,
	metadata jsonb NOT NULL DEFAULT '{}',
	secret text NOT NULL,
	-- During rotation deliveries carry a signature of each, so that receivers change over in their own time.
	previous_secret text,
	previous_secret_until timestamptz,
	disabled_at timestamptz,
	disabled_reason text,
	created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE aggregate_sequences (
	aggregate_type text NOT NULL,
	aggregate_id text NOT NULL,
	seq bigint NOT NULL,
	PRIMARY KEY (aggregate_type, aggregate_id)
);

CREATE TABLE outbox (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	type text NOT NULL,
	aggregate_type text NOT NULL,
	aggregate_id text NOT NULL,
	seq bigint NOT NULL,
	correlation_id text NOT NULL,
	data jsonb NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_created_at ON outbox (created_at);

-- One row for each thing that is to be posted: an event to an endpoint, or a call-back to a resume URL.
CREATE TABLE deliveries (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	position bigint GENERATED ALWAYS AS IDENTITY,
	endpoint_id uuid REFERENCES webhook_endpoints ON DELETE CASCADE,
	event_id uuid REFERENCES outbox ON DELETE CASCADE,
	-- Later events of the same aggregate wait for earlier ones to the same endpoint.
	ordering_key text,
	callback_url text UNIQUE,
	callback_secret text,
	callback_body jsonb,
	correlation_id text NOT NULL,
	state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
	attempts int NOT NULL DEFAULT 0,
	next_attempt_at timestamptz NOT NULL DEFAULT now(),
	lease_until timestamptz,
	last_status int,
	last_error text,
	created_at timestamptz NOT NULL DEFAULT now(),
	finished_at timestamptz,
	CHECK ((endpoint_id IS NOT NULL AND event_id IS NOT NULL) <> (callback_url IS NOT NULL)),
	UNIQUE (endpoint_id, event_id)
);
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE state = 'pending';
CREATE INDEX deliveries_order ON deliveries (ordering_key, position) WHERE state = 'pending';
CREATE INDEX deliveries_event ON deliveries (event_id);
