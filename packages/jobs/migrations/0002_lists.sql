-- The dead letters are few among hundreds of thousands of jobs that went well.
CREATE INDEX jobs_unsuccessful ON jobs (state, id) WHERE state IN ('failed', 'cancelled');
CREATE INDEX jobs_name ON jobs (name, id);
