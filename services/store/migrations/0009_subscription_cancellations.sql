-- Subscriptions that the gateway must end because their order is over. Kept by order, so that one that is heard of
-- later is ended as well, and so that the order's transaction locks no subscription.
CREATE TABLE subscription_cancellations (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	order_id uuid NOT NULL REFERENCES orders,
	-- Null for all subscriptions of the order; else one that the order did not come to use.
	subscription_ref text,
	gateway text,
	reason text NOT NULL,
	attempts int NOT NULL DEFAULT 0,
	next_attempt_at timestamptz NOT NULL DEFAULT now(),
	failure text,
	requested_at timestamptz NOT NULL DEFAULT now(),
	done_at timestamptz,
	UNIQUE NULLS NOT DISTINCT (order_id, subscription_ref),
	CHECK ((subscription_ref IS NULL) = (gateway IS NULL))
);
CREATE INDEX subscription_cancellations_due ON subscription_cancellations (next_attempt_at) WHERE done_at IS NULL;
