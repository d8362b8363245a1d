-- Flows that sleep until orders have come so far. One flow may wait for several orders with one URL: it is called when
-- as many of them as it said have got there.
CREATE TABLE order_waits (
	url text NOT NULL,
	order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
	until text NOT NULL CHECK (until IN ('shipped', 'delivered')),
	count int NOT NULL CHECK (count > 0),
	api_key_id uuid NOT NULL,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	ended_at timestamptz,
	PRIMARY KEY (url, order_id)
);
CREATE INDEX order_waits_order ON order_waits (order_id) WHERE ended_at IS NULL;
