-- What a payment gateway has told us, word for word, before anything was done about it.
CREATE TABLE gateway_events (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	position bigint GENERATED ALWAYS AS IDENTITY,
	gateway text NOT NULL,
	external_id text NOT NULL,
	type text NOT NULL,
	object_id text NOT NULL,
	-- What it is about: our order when the gateway carries its id, else the gateway's object. Same key, same lane.
	object_key text NOT NULL,
	occurred_at timestamptz NOT NULL,
	received_at timestamptz NOT NULL DEFAULT now(),
	raw text NOT NULL,
	-- The object as the gateway has it now, when the event alone did not say enough or came out of order.
	fetched jsonb,
	source text NOT NULL DEFAULT 'webhook' CHECK (source IN ('webhook', 'reconciliation')),
	state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'handled', 'ignored', 'dead')),
	attempts int NOT NULL DEFAULT 0,
	next_attempt_at timestamptz NOT NULL DEFAULT now(),
	last_error text,
	handled_at timestamptz,
	UNIQUE (gateway, external_id)
);
CREATE INDEX gateway_events_due ON gateway_events (position) WHERE state = 'pending';
CREATE INDEX gateway_events_order ON gateway_events (object_key, position) WHERE state = 'pending';
CREATE INDEX gateway_events_state ON gateway_events (state, id DESC) WHERE state IN ('pending', 'dead');

CREATE TABLE gateway_customers (
	gateway text NOT NULL,
	external_ref text NOT NULL,
	customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (gateway, external_ref)
);
CREATE INDEX gateway_customers_customer ON gateway_customers (customer_id);

CREATE TABLE plans (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	variant_id uuid NOT NULL UNIQUE REFERENCES variants ON DELETE CASCADE,
	name text NOT NULL,
	interval text NOT NULL CHECK (interval IN ('day', 'week', 'month', 'year')),
	interval_count int NOT NULL DEFAULT 1 CHECK (interval_count BETWEEN 1 AND 36),
	trial_days int NOT NULL DEFAULT 0 CHECK (trial_days BETWEEN 0 AND 730),
	-- Days that a failed renewal is waited for before the subscription counts as unpaid.
	grace_days int NOT NULL DEFAULT 7 CHECK (grace_days BETWEEN 0 AND 90),
	tier text,
	-- A higher rank is the better tier, for who has two.
	tier_rank int NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE subscriptions (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	gateway text NOT NULL,
	external_ref text NOT NULL,
	customer_ref text,
	order_id uuid NOT NULL REFERENCES orders,
	order_line_id uuid REFERENCES order_lines,
	plan_id uuid REFERENCES plans ON DELETE SET NULL,
	status text NOT NULL
		CHECK (status IN ('incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'cancelled')),
	current_period_start timestamptz,
	current_period_end timestamptz,
	trial_ends_at timestamptz,
	cancel_at_period_end boolean NOT NULL DEFAULT false,
	cancelled_at timestamptz,
	ended_at timestamptz,
	paused_at timestamptz,
	grace_until timestamptz,
	-- Time of the newest word of the gateway: an older one moves nothing.
	source_at timestamptz NOT NULL,
	-- By our own clock: when the gateway was asked for this state, or had answered a command with it.
	asked_at timestamptz,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (gateway, external_ref)
);
CREATE INDEX subscriptions_order ON subscriptions (order_id);
CREATE INDEX subscriptions_newest ON subscriptions (created_at DESC, id DESC);
CREATE INDEX subscriptions_grace ON subscriptions (grace_until) WHERE status = 'past_due';

CREATE TABLE payments (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	order_id uuid NOT NULL REFERENCES orders,
	subscription_id uuid REFERENCES subscriptions,
	kind text NOT NULL DEFAULT 'order' CHECK (kind IN ('order', 'renewal')),
	gateway text NOT NULL,
	-- creating: the gateway is being asked for a pay page. open: the page is there. pending: paid by a slow method.
	-- rejected: taken, but not what the order needs (twice, wrong amount, too late): it goes back by itself.
	status text NOT NULL CHECK (status IN
		('creating', 'open', 'pending', 'succeeded', 'failed', 'expired', 'rejected')),
	rejection text,
	-- What the gateway is asked for, and what it has taken. Minor units.
	amount bigint NOT NULL CHECK (amount >= 0),
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	captured bigint NOT NULL DEFAULT 0 CHECK (captured >= 0),
	refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0),
	refund_pending bigint NOT NULL DEFAULT 0 CHECK (refund_pending >= 0),
	disputed bigint NOT NULL DEFAULT 0 CHECK (disputed >= 0),
	fee bigint,
	-- What the pay page was asked for, so that asking again asks the same and the gateway's idempotency holds.
	request jsonb NOT NULL DEFAULT '{}',
	session_ref text,
	session_url text,
	session_expires_at timestamptz,
	payment_ref text,
	charge_ref text,
	invoice_ref text,
	customer_ref text,
	failure_code text,
	failure_message text,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	succeeded_at timestamptz,
	CHECK (refunded + refund_pending <= captured),
	CHECK (status <> 'rejected' OR rejection IS NOT NULL),
	UNIQUE (gateway, session_ref),
	UNIQUE (gateway, payment_ref),
	UNIQUE (gateway, invoice_ref)
);
-- One pay page at a time, and paid once: whatever arrives, and however often.
CREATE UNIQUE INDEX payments_one_page ON payments (order_id)
	WHERE kind = 'order' AND status IN ('creating', 'open', 'pending');
CREATE UNIQUE INDEX payments_paid_once ON payments (order_id) WHERE kind = 'order' AND status = 'succeeded';
CREATE INDEX payments_order ON payments (order_id);
CREATE INDEX payments_newest ON payments (created_at DESC, id DESC);
CREATE INDEX payments_charge ON payments (gateway, charge_ref) WHERE charge_ref IS NOT NULL;
CREATE INDEX payments_without_fee ON payments (succeeded_at)
	WHERE fee IS NULL AND status IN ('succeeded', 'rejected') AND captured > 0;

CREATE TABLE refunds (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	payment_id uuid NOT NULL REFERENCES payments,
	order_id uuid NOT NULL REFERENCES orders,
	-- requested: ours, the gateway has not answered yet. pending: it has taken the order to refund.
	status text NOT NULL CHECK (status IN ('requested', 'pending', 'succeeded', 'failed')),
	origin text NOT NULL CHECK (origin IN ('request', 'automatic', 'gateway')),
	amount bigint NOT NULL CHECK (amount > 0),
	currency text NOT NULL,
	reason text,
	lines jsonb NOT NULL DEFAULT '[]',
	gateway text NOT NULL,
	external_ref text,
	-- Makes what is refunded by itself happen once.
	business_key text UNIQUE,
	attempts int NOT NULL DEFAULT 0,
	next_attempt_at timestamptz NOT NULL DEFAULT now(),
	failure text,
	source_at timestamptz,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	succeeded_at timestamptz,
	UNIQUE (gateway, external_ref)
);
CREATE INDEX refunds_payment ON refunds (payment_id);
CREATE INDEX refunds_order ON refunds (order_id);
CREATE INDEX refunds_newest ON refunds (created_at DESC, id DESC);
CREATE INDEX refunds_due ON refunds (next_attempt_at) WHERE status = 'requested';

CREATE TABLE disputes (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	payment_id uuid NOT NULL REFERENCES payments,
	order_id uuid NOT NULL REFERENCES orders,
	gateway text NOT NULL,
	external_ref text NOT NULL,
	status text NOT NULL CHECK (status IN ('inquiry', 'open', 'won', 'lost')),
	amount bigint NOT NULL CHECK (amount >= 0),
	currency text NOT NULL,
	reason text,
	evidence_due_at timestamptz,
	source_at timestamptz NOT NULL,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	closed_at timestamptz,
	UNIQUE (gateway, external_ref)
);
CREATE INDEX disputes_order ON disputes (order_id);
CREATE INDEX disputes_newest ON disputes (created_at DESC, id DESC);

CREATE TABLE invoices (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	gateway text NOT NULL,
	external_ref text NOT NULL,
	number text,
	order_id uuid NOT NULL REFERENCES orders,
	subscription_id uuid REFERENCES subscriptions,
	status text NOT NULL CHECK (status IN ('draft', 'open', 'paid', 'uncollectible', 'void')),
	amount bigint NOT NULL,
	paid bigint NOT NULL,
	currency text NOT NULL,
	url text,
	pdf_url text,
	period_start timestamptz,
	period_end timestamptz,
	source_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (gateway, external_ref)
);
CREATE INDEX invoices_order ON invoices (order_id);
CREATE INDEX invoices_newest ON invoices (created_at DESC, id DESC);

-- Double entry. A transaction's entries sum to zero in each currency: debits are positive, credits negative.
CREATE TABLE ledger_transactions (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	-- What it stands for, e.g. payment:<id>. The same thing is never booked twice.
	business_key text NOT NULL UNIQUE,
	kind text NOT NULL CHECK (kind IN ('payment', 'rejected_payment', 'fee', 'refund', 'refund_reversal',
		'dispute', 'dispute_reversal', 'payout', 'payout_reversal')),
	order_id uuid REFERENCES orders,
	occurred_at timestamptz NOT NULL,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ledger_transactions_order ON ledger_transactions (order_id);
CREATE INDEX ledger_transactions_when ON ledger_transactions (occurred_at);

CREATE TABLE ledger_entries (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	transaction_id uuid NOT NULL REFERENCES ledger_transactions,
	account text NOT NULL CHECK (account IN ('gateway_clearing', 'bank', 'revenue', 'tax_payable', 'refunds',
		'fees', 'disputes', 'unassigned_payments')),
	amount bigint NOT NULL,
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	-- Of what product a revenue or refund is; null for shipping. No reference: books outlive the catalogue.
	product_id uuid
);
CREATE INDEX ledger_entries_transaction ON ledger_entries (transaction_id);
CREATE INDEX ledger_entries_account ON ledger_entries (account, currency);

CREATE FUNCTION ledger_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (
		SELECT 1 FROM ledger_entries WHERE transaction_id = NEW.transaction_id
		GROUP BY currency HAVING sum(amount) <> 0
	) THEN
		RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id
			USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balances';
	END IF;
	RETURN NULL;
END $$;
-- At the end of the transaction, because entries come one after the other.
CREATE CONSTRAINT TRIGGER ledger_balances AFTER INSERT ON ledger_entries
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_must_balance();

-- What is booked stays; a mistake is put right by a further transaction.
CREATE FUNCTION ledger_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_final';
END $$;
CREATE TRIGGER ledger_entries_final BEFORE UPDATE OR DELETE ON ledger_entries
	FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_final();
CREATE TRIGGER ledger_transactions_final BEFORE UPDATE OR DELETE ON ledger_transactions
	FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_final();

CREATE TABLE reconciliations (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	gateway text NOT NULL,
	status text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed')),
	window_start timestamptz NOT NULL,
	window_end timestamptz NOT NULL,
	checked int NOT NULL DEFAULT 0,
	repaired int NOT NULL DEFAULT 0,
	differences jsonb NOT NULL DEFAULT '[]',
	error text,
	created_at timestamptz NOT NULL DEFAULT now(),
	finished_at timestamptz
);
CREATE INDEX reconciliations_newest ON reconciliations (created_at DESC, id DESC);
