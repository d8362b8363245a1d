-- Variants: what is sold as a thing is counted, what is sold as a file is not.
ALTER TABLE variants
	ADD COLUMN delivery text NOT NULL DEFAULT 'physical' CHECK (delivery IN ('physical', 'digital')),
	ADD COLUMN tracks_stock boolean NOT NULL DEFAULT true,
	-- Promised to orders that are not paid yet. What can still be sold is stock - reserved.
	ADD COLUMN reserved int NOT NULL DEFAULT 0 CHECK (reserved >= 0);
-- Room on the page for the next version of the row: a stock changes with every order.
ALTER TABLE variants SET (fillfactor = 70);
-- Orders move stock too often to tell each time: the worker tells a product's stock when it has moved meanwhile.
ALTER TABLE stock_movements ADD COLUMN order_id uuid, ADD COLUMN told boolean NOT NULL DEFAULT true;
CREATE INDEX stock_movements_untold ON stock_movements (id) WHERE NOT told;

/*
 * Nothing is promised that is not there. A trigger and no CHECK: the statement that reserves waits for the row, reads
 * it anew and updates it, but PostgreSQL tries CHECKs on the version from before the wait first, and refused orders
 * whose stock had just been given back.
 */
CREATE FUNCTION refuse_reserved_over_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE check_violation USING CONSTRAINT = 'variants_reserved_in_stock', TABLE = 'variants',
		MESSAGE = format('%s: %s reserved of %s in stock', NEW.sku, NEW.reserved, NEW.stock);
END $$;
CREATE CONSTRAINT TRIGGER variants_reserved_in_stock AFTER INSERT OR UPDATE ON variants
	FOR EACH ROW WHEN (NEW.tracks_stock AND NEW.reserved > NEW.stock)
	EXECUTE FUNCTION refuse_reserved_over_stock();

CREATE TABLE coupons (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	code text NOT NULL UNIQUE CHECK (code = upper(code)),
	description text,
	kind text NOT NULL CHECK (kind IN ('percent', 'fixed')),
	-- 1500 is 15 %.
	basis_points int CHECK (basis_points BETWEEN 1 AND 10000),
	amount bigint CHECK (amount > 0),
	-- Of amount and min_subtotal; a coupon without both works in every currency.
	currency text CHECK (currency ~ '^[A-Z]{3}$'),
	min_subtotal bigint CHECK (min_subtotal > 0),
	product_ids uuid[] CHECK (cardinality(product_ids) > 0),
	max_redemptions int CHECK (max_redemptions > 0),
	max_per_customer int CHECK (max_per_customer > 0),
	redeemed int NOT NULL DEFAULT 0 CHECK (redeemed >= 0),
	starts_at timestamptz,
	expires_at timestamptz,
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CHECK ((kind = 'percent') = (basis_points IS NOT NULL)),
	CHECK ((kind = 'fixed') = (amount IS NOT NULL)),
	CHECK (currency IS NOT NULL OR (amount IS NULL AND min_subtotal IS NULL)),
	CHECK (max_redemptions IS NULL OR redeemed <= max_redemptions)
);

-- A counter of its own for each customer: counting rows would let two orders at once both see "none yet".
CREATE TABLE coupon_customers (
	coupon_id uuid NOT NULL REFERENCES coupons ON DELETE CASCADE,
	email text NOT NULL CHECK (email = lower(email)),
	redeemed int NOT NULL CHECK (redeemed >= 0),
	PRIMARY KEY (coupon_id, email)
);

CREATE TABLE tax_rates (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	name text NOT NULL,
	-- ISO 3166-1; '*' is everywhere else.
	country text NOT NULL CHECK (country ~ '^([A-Z]{2}|\*)$'),
	-- ISO 3166-2 without the country; null is the whole country.
	region text CHECK (region ~ '^[A-Z0-9]{1,3}$'),
	-- null is both.
	delivery text CHECK (delivery IN ('physical', 'digital')),
	-- 1900 is 19 %.
	basis_points int NOT NULL CHECK (basis_points BETWEEN 0 AND 10000),
	-- Prices contain it already.
	inclusive boolean NOT NULL DEFAULT false,
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT tax_rates_place UNIQUE NULLS NOT DISTINCT (country, region, delivery)
);

CREATE TABLE shipping_options (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	name text NOT NULL,
	-- Empty is everywhere.
	countries text[] NOT NULL DEFAULT '{}',
	amount bigint NOT NULL CHECK (amount >= 0),
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	-- Goods worth this much after the coupon travel free.
	free_from bigint CHECK (free_from > 0),
	estimate text,
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE SEQUENCE order_numbers START 100001;

CREATE TABLE orders (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	number text NOT NULL CONSTRAINT orders_number UNIQUE DEFAULT 'A-' || nextval('order_numbers'),
	status text NOT NULL DEFAULT 'created' CHECK (status IN ('created', 'pending_payment', 'paid', 'fulfilling',
		'shipped', 'delivered', 'cancelled', 'expired', 'refunded', 'partially_refunded', 'stock_failed')),
	payment_status text NOT NULL DEFAULT 'unpaid'
		CHECK (payment_status IN ('unpaid', 'pending', 'paid', 'partially_refunded', 'refunded', 'disputed')),
	customer_id uuid REFERENCES customers ON DELETE SET NULL,
	email text NOT NULL,
	name text,
	locale text NOT NULL DEFAULT 'en',
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	subtotal bigint NOT NULL CHECK (subtotal >= 0),
	discount bigint NOT NULL DEFAULT 0 CHECK (discount BETWEEN 0 AND subtotal),
	shipping bigint NOT NULL DEFAULT 0 CHECK (shipping >= 0),
	-- All the tax in the total, and the part of it that prices contained already.
	tax bigint NOT NULL DEFAULT 0,
	tax_included bigint NOT NULL DEFAULT 0 CHECK (tax_included BETWEEN 0 AND tax),
	-- Part of tax and of tax_included that is for shipping.
	shipping_tax bigint NOT NULL DEFAULT 0 CHECK (shipping_tax BETWEEN 0 AND tax),
	total bigint NOT NULL,
	captured bigint NOT NULL DEFAULT 0 CHECK (captured >= 0),
	refunded bigint NOT NULL DEFAULT 0,
	-- The payment that paid it; a second one for the same order is to be refunded.
	payment_id text,
	coupon_code text,
	shipping_option_id uuid,
	-- As it was when the order was made: {id, name, amount, estimate}.
	shipping_option jsonb,
	shipping_address jsonb,
	billing_address jsonb,
	click_id text,
	campaign_id text,
	workflow_id text,
	correlation_id text NOT NULL,
	metadata jsonb NOT NULL DEFAULT '{}',
	expires_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	paid_at timestamptz,
	shipped_at timestamptz,
	delivered_at timestamptz,
	cancelled_at timestamptz,
	-- When order.abandoned was told: once.
	abandoned_at timestamptz,
	CONSTRAINT orders_adds_up CHECK (total = subtotal - discount + shipping + tax - tax_included),
	CONSTRAINT orders_refund_within_capture CHECK (refunded BETWEEN 0 AND captured)
) WITH (fillfactor = 80);
CREATE INDEX orders_status ON orders (status, id DESC);
CREATE INDEX orders_email ON orders (lower(email), id DESC);
CREATE INDEX orders_customer ON orders (customer_id, id DESC);
CREATE INDEX orders_expiring ON orders (expires_at) WHERE status IN ('created', 'pending_payment');
CREATE INDEX orders_to_remind ON orders (created_at)
	WHERE abandoned_at IS NULL AND status IN ('created', 'pending_payment', 'expired');

-- A snapshot of what was sold: products may change or go, so nothing here refers to them by key.
CREATE TABLE order_lines (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
	position int NOT NULL,
	variant_id uuid,
	product_id uuid,
	plan_id uuid,
	sku text NOT NULL,
	title text NOT NULL,
	delivery text NOT NULL CHECK (delivery IN ('physical', 'digital')),
	quantity int NOT NULL CHECK (quantity > 0),
	unit_amount bigint NOT NULL CHECK (unit_amount >= 0),
	discount_amount bigint NOT NULL DEFAULT 0 CHECK (discount_amount BETWEEN 0 AND unit_amount * quantity),
	tax_amount bigint NOT NULL DEFAULT 0 CHECK (tax_amount >= 0),
	tax_included boolean NOT NULL DEFAULT false,
	tax_basis_points int NOT NULL DEFAULT 0,
	tax_name text,
	total_amount bigint NOT NULL,
	CONSTRAINT order_lines_position UNIQUE (order_id, position),
	CONSTRAINT order_lines_adds_up CHECK (total_amount = unit_amount * quantity - discount_amount
		+ CASE WHEN tax_included THEN 0 ELSE tax_amount END)
);
CREATE INDEX order_lines_product ON order_lines (product_id);

CREATE TABLE order_history (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
	-- What happened: created, paid, refunded, note, shipment ...
	kind text NOT NULL,
	from_status text,
	to_status text,
	detail jsonb NOT NULL DEFAULT '{}',
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX order_history_order ON order_history (order_id, id);

CREATE TABLE order_notes (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
	text text NOT NULL,
	author text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX order_notes_order ON order_notes (order_id, id);

CREATE TABLE coupon_redemptions (
	order_id uuid PRIMARY KEY REFERENCES orders ON DELETE CASCADE,
	coupon_id uuid NOT NULL REFERENCES coupons ON DELETE CASCADE,
	email text NOT NULL,
	amount bigint NOT NULL,
	-- given back when the order expires or is cancelled
	state text NOT NULL DEFAULT 'redeemed' CHECK (state IN ('redeemed', 'returned')),
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX coupon_redemptions_coupon ON coupon_redemptions (coupon_id);

-- What an order holds of a stock. `state` is what is agreed, `settled` what the variant's columns show of it.
CREATE TABLE reservations (
	order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
	variant_id uuid NOT NULL,
	quantity int NOT NULL CHECK (quantity > 0),
	state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'taken', 'released')),
	settled text NOT NULL DEFAULT 'held' CHECK (settled IN ('held', 'taken', 'released')),
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (order_id, variant_id)
);
CREATE INDEX reservations_variant ON reservations (variant_id) WHERE state = 'held';

-- Only rows of transactions that are not at their end: what is committed is settled.
CREATE INDEX reservations_unsettled ON reservations (order_id) WHERE state <> settled;

/*
 * Brings the variants in step with the reservations of a transaction, as the last thing before COMMIT.
 * A payment's transaction goes on after the order is paid (ledger, licences, events): with the stock booked on the way,
 * the row of a product everybody buys would be locked all that time, and orders of it would queue up behind.
 * The first call settles all that the transaction has changed, of many orders too, in SKU order; unsettled rows of
 * others are never to be seen. None of these moves can be refused: `reserved` holds at least what is taken or given
 * back.
 */
CREATE FUNCTION settle_reservations() RETURNS trigger LANGUAGE plpgsql
-- The planner takes nearly every row for unsettled and would read the whole table; the index has but those of this
-- transaction.
SET enable_seqscan = off AS $$
BEGIN
	WITH due AS MATERIALIZED (
		SELECT order_id, variant_id, quantity, state, settled FROM reservations WHERE state <> settled
	), locked AS MATERIALIZED (
		SELECT v.id FROM variants v WHERE v.id IN (SELECT variant_id FROM due) ORDER BY v.sku FOR NO KEY UPDATE
	), change AS MATERIALIZED (
		SELECT k.id,
			sum(d.quantity * ((d.state = 'held')::int - (d.settled = 'held')::int)) AS reserved,
			sum(d.quantity * ((d.settled = 'taken')::int - (d.state = 'taken')::int)) AS stock
		FROM locked k JOIN due d ON d.variant_id = k.id GROUP BY k.id
	), moved AS (
		UPDATE variants v SET reserved = v.reserved + c.reserved, stock = v.stock + c.stock
		FROM change c WHERE v.id = c.id
	), noted AS (
		INSERT INTO stock_movements (variant_id, delta, reason, correlation_id, order_id, told)
		SELECT k.id, CASE WHEN d.state = 'taken' THEN -d.quantity ELSE d.quantity END,
			CASE WHEN d.state = 'taken' THEN 'sold' ELSE 'returned' END, o.correlation_id, d.order_id, false
		FROM locked k JOIN due d ON d.variant_id = k.id JOIN orders o ON o.id = d.order_id
		WHERE (d.state = 'taken') <> (d.settled = 'taken')
	)
	-- Also of a variant that was deleted meanwhile, which has no columns to settle.
	UPDATE reservations SET settled = state WHERE settled <> state;
	RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER reservations_settle AFTER UPDATE OF state ON reservations
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
	WHEN (NEW.state <> NEW.settled) EXECUTE FUNCTION settle_reservations();

-- Proof of the stock: a row for each variant whose columns are not what their history says. Always empty.
CREATE VIEW stock_differences AS
SELECT * FROM (
	SELECT v.id AS variant_id, v.sku, v.stock, v.reserved,
		coalesce((SELECT sum(m.delta) FROM stock_movements m WHERE m.variant_id = v.id), 0) AS moved,
		coalesce((SELECT sum(r.quantity) FROM reservations r
			WHERE r.variant_id = v.id AND r.state = 'held'), 0) AS held
	FROM variants v
) s WHERE stock <> moved OR reserved <> held;

CREATE TABLE carts (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	-- {sku: quantity} in the order in which they were put in.
	lines jsonb NOT NULL DEFAULT '[]',
	email text,
	name text,
	locale text NOT NULL DEFAULT 'en',
	customer_id uuid,
	coupon_code text,
	shipping_option_id uuid,
	shipping_address jsonb,
	billing_address jsonb,
	click_id text,
	campaign_id text,
	metadata jsonb NOT NULL DEFAULT '{}',
	-- The order that was made of it; a cart is checked out once.
	order_id uuid REFERENCES orders ON DELETE SET NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE shipments (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
	carrier text NOT NULL,
	tracking_number text NOT NULL,
	tracking_url text,
	status text NOT NULL DEFAULT 'created'
		CHECK (status IN ('created', 'in_transit', 'out_for_delivery', 'delivered', 'failed', 'returned')),
	-- [{lineId, quantity}]
	lines jsonb NOT NULL,
	-- When the event that set `status` occurred: only a later one may move it.
	status_at timestamptz,
	notified_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	delivered_at timestamptz,
	CONSTRAINT shipments_tracking UNIQUE (carrier, tracking_number)
);
CREATE INDEX shipments_order ON shipments (order_id, id);

CREATE TABLE shipment_events (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	shipment_id uuid NOT NULL REFERENCES shipments ON DELETE CASCADE,
	external_id text NOT NULL,
	status text NOT NULL,
	description text,
	location text,
	occurred_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT shipment_events_external UNIQUE (shipment_id, external_id)
);

-- When each scheduled task last began, so that workers share its turns and a restart does not repeat a nightly one.
CREATE TABLE schedule_runs (
	task text PRIMARY KEY,
	started_at timestamptz NOT NULL
);
