-- A video and its job share their id: state, progress, attempts and error are those of the job.
CREATE TABLE videos (
	id uuid PRIMARY KEY REFERENCES jobs (id),
	-- What was asked for, defaults filled in.
	video_order jsonb NOT NULL,
	-- Kept once written: a second attempt must not get other words from a model.
	script jsonb,
	-- Facts of the finished file; NULL until there is one.
	file jsonb,
	receipt jsonb,
	created_at timestamptz NOT NULL DEFAULT now()
);
