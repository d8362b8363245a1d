-- The row is the truth of a job; the queue in Redis only says that there is something to look at.
CREATE TABLE jobs (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	name text NOT NULL,
	payload jsonb NOT NULL,
	state text NOT NULL DEFAULT 'queued'
		CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
	attempts int NOT NULL DEFAULT 0,
	max_attempts int NOT NULL,
	percent int NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
	step text NOT NULL DEFAULT 'queued',
	result jsonb,
	error jsonb,
	run_at timestamptz NOT NULL DEFAULT now(),
	-- Which run holds the job, and until when it need not show life.
	run_token uuid,
	lease_until timestamptz,
	cancel_requested_at timestamptz,
	correlation_id text NOT NULL,
	caller_id uuid,
	callback_url text,
	callback_count int,
	created_at timestamptz NOT NULL DEFAULT now(),
	started_at timestamptz,
	finished_at timestamptz,
	CHECK ((state = 'running') = (run_token IS NOT NULL)),
	CHECK ((callback_url IS NULL) = (callback_count IS NULL))
);
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'queued';
CREATE INDEX jobs_leases ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_callback ON jobs (callback_url) WHERE callback_url IS NOT NULL;
