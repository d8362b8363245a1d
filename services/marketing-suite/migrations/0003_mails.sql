-- Mails to one person for a reason of their own: an order confirmed, a key delivered. Rendered when they are accepted,
-- so that a template that fails is refused at once, and one changed later changes nothing.
CREATE TABLE mails (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	send_once_key text CONSTRAINT mails_send_once_key UNIQUE,
	to_email text NOT NULL,
	to_name text,
	from_email text,
	from_name text,
	reply_to text,
	template_id uuid REFERENCES templates ON DELETE SET NULL,
	subject text NOT NULL,
	html text NOT NULL,
	text text NOT NULL,
	state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'suppressed')),
	attempts int NOT NULL DEFAULT 0,
	response text,
	error text,
	job_id uuid,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	sent_at timestamptz
);
CREATE INDEX mails_to ON mails (lower(to_email), id);
CREATE INDEX mails_job ON mails (job_id);
