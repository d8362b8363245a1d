CREATE TABLE lists (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	name text NOT NULL,
	description text NOT NULL DEFAULT '',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
-- Flows name a list by its name as well as by its id.
CREATE UNIQUE INDEX lists_name ON lists (lower(name));

CREATE TABLE contacts (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	email text NOT NULL,
	name text,
	attributes jsonb NOT NULL DEFAULT '{}',
	unsubscribed_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
-- One person, one contact, however they spell the case of their address.
CREATE UNIQUE INDEX contacts_email ON contacts (lower(email));

CREATE TABLE list_members (
	list_id uuid NOT NULL REFERENCES lists ON DELETE CASCADE,
	contact_id uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
	added_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (list_id, contact_id)
);
CREATE INDEX list_members_contact ON list_members (contact_id);

-- Never changed, only added to: the proof of who agreed to what, and when they took it back.
CREATE TABLE consents (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	contact_id uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
	kind text NOT NULL CHECK (kind IN ('given', 'withdrawn')),
	source text NOT NULL,
	ip text,
	at timestamptz NOT NULL
);
CREATE INDEX consents_contact ON consents (contact_id, id);

CREATE TABLE suppressions (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	-- Outlives the address itself: who has been erased must not come back with the next import.
	email_hash bytea NOT NULL UNIQUE,
	email text,
	reason text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION email_hash(email text) RETURNS bytea LANGUAGE sql STABLE
	RETURN sha256(convert_to(lower(email), 'UTF8'));
