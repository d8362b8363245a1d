CREATE TABLE templates (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	name text NOT NULL,
	subject text NOT NULL,
	mjml text NOT NULL,
	text text,
	-- Shipped with the service and kept up to date by it, until somebody changes it.
	built_in boolean NOT NULL DEFAULT false,
	-- What MJML makes of it; null until it is needed for the first time.
	compiled jsonb,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX templates_name ON templates (lower(name));

CREATE TABLE campaigns (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	name text NOT NULL,
	status text NOT NULL DEFAULT 'draft'
		CHECK (status IN ('draft', 'sending', 'paused', 'cancelled', 'sent', 'failed')),
	subject text,
	preheader text,
	from_name text,
	from_email text,
	reply_to text,
	template_id uuid REFERENCES templates ON DELETE SET NULL,
	mjml text,
	compiled jsonb,
	data jsonb NOT NULL DEFAULT '{}',
	send_once_key text CONSTRAINT campaigns_send_once_key UNIQUE,
	track_opens boolean NOT NULL DEFAULT true,
	track_clicks boolean NOT NULL DEFAULT true,
	-- What becomes of a mail of which a crash left unknown whether it was sent, and nobody can tell.
	delivery_policy text NOT NULL DEFAULT 'at_most_once'
		CHECK (delivery_policy IN ('at_most_once', 'at_least_once')),
	audience int,
	job_id uuid,
	error text,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	started_at timestamptz,
	finished_at timestamptz
);
CREATE INDEX campaigns_job ON campaigns (job_id);

CREATE TABLE campaign_lists (
	campaign_id uuid NOT NULL REFERENCES campaigns ON DELETE CASCADE,
	list_id uuid NOT NULL REFERENCES lists ON DELETE CASCADE,
	PRIMARY KEY (campaign_id, list_id)
);

-- What is sent, as it was when sending began: a template changed later changes nothing.
CREATE TABLE campaign_snapshots (
	campaign_id uuid PRIMARY KEY REFERENCES campaigns ON DELETE CASCADE,
	subject text NOT NULL,
	preheader text NOT NULL,
	html text NOT NULL,
	text text NOT NULL
);

-- The ledger: one row for each person who is to get a campaign. Every figure is counted from it.
CREATE TABLE recipients (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	campaign_id uuid NOT NULL REFERENCES campaigns ON DELETE CASCADE,
	contact_id uuid REFERENCES contacts ON DELETE SET NULL,
	email text,
	state text NOT NULL DEFAULT 'pending'
		CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'suppressed', 'uncertain')),
	-- Which try holds the row; an outcome of an earlier try changes nothing.
	attempt int NOT NULL DEFAULT 0,
	-- How often the recipient's server has asked to come back later.
	refusals int NOT NULL DEFAULT 0,
	due_at timestamptz NOT NULL DEFAULT now(),
	lease_until timestamptz,
	error text,
	response text,
	sent_at timestamptz,
	opens int NOT NULL DEFAULT 0,
	machine_opens int NOT NULL DEFAULT 0,
	opened_at timestamptz,
	clicks int NOT NULL DEFAULT 0,
	machine_clicks int NOT NULL DEFAULT 0,
	clicked_at timestamptz,
	unsubscribed_at timestamptz,
	UNIQUE (campaign_id, contact_id),
	CHECK ((state = 'sending') = (lease_until IS NOT NULL))
);
CREATE INDEX recipients_due ON recipients (campaign_id, due_at, id) WHERE state = 'pending';
CREATE INDEX recipients_leases ON recipients (campaign_id, lease_until) WHERE state = 'sending';
CREATE INDEX recipients_list ON recipients (campaign_id, id);
CREATE INDEX recipients_contact ON recipients (contact_id);

-- Where a click may lead: only to what a mail of this campaign has contained.
CREATE TABLE links (
	campaign_id uuid NOT NULL REFERENCES campaigns ON DELETE CASCADE,
	number int NOT NULL,
	url text NOT NULL CHECK (length(url) <= 2000),
	PRIMARY KEY (campaign_id, number),
	UNIQUE (campaign_id, url)
);

CREATE TABLE link_clicks (
	recipient_id uuid NOT NULL REFERENCES recipients ON DELETE CASCADE,
	campaign_id uuid NOT NULL,
	number int NOT NULL,
	clicks int NOT NULL DEFAULT 0,
	machine_clicks int NOT NULL DEFAULT 0,
	PRIMARY KEY (recipient_id, number),
	FOREIGN KEY (campaign_id, number) REFERENCES links ON DELETE CASCADE
);
CREATE INDEX link_clicks_link ON link_clicks (campaign_id, number);
