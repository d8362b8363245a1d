CREATE TABLE customers (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	email text NOT NULL,
	name text,
	locale text NOT NULL DEFAULT 'en',
	attributes jsonb NOT NULL DEFAULT '{}',
	-- When and how the customer agreed to be written to; null means they have not.
	marketing_consent jsonb,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
-- One person, one customer, however they spell the case of their address.
CREATE UNIQUE INDEX customers_email ON customers (lower(email));
