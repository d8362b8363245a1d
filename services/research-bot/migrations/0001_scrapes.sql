-- State, progress and times of a scrape are those of its job: one truth for both.
CREATE TABLE scrapes (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	job_id uuid NOT NULL UNIQUE REFERENCES jobs,
	urls text[] NOT NULL CHECK (cardinality(urls) BETWEEN 1 AND 100),
	-- extract, fields, render, screenshot, respectRobots, locale, maxReviews
	options jsonb NOT NULL,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX scrapes_newest ON scrapes (id DESC);

-- One row per URL, written as soon as it is known: a worker that takes over reads only what is missing.
CREATE TABLE scrape_results (
	scrape_id uuid NOT NULL REFERENCES scrapes ON DELETE CASCADE,
	-- Position of the URL in the request, from 0.
	index int NOT NULL,
	status text NOT NULL CHECK (status IN ('ok', 'partial', 'failed')),
	result jsonb NOT NULL,
	screenshot_key text,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (scrape_id, index)
);
