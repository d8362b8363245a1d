-- A renewal that is given back takes the licence with it until a later period is paid: a voice of its own beside the
-- refund of the order, which is for ever.
ALTER TABLE license_sources DROP CONSTRAINT license_sources_kind_check,
	ADD CONSTRAINT license_sources_kind_check CHECK (kind IN ('refund', 'dispute', 'subscription', 'renewal'));

CREATE INDEX payments_subscription ON payments (subscription_id) WHERE subscription_id IS NOT NULL;
CREATE INDEX invoices_subscription ON invoices (subscription_id) WHERE subscription_id IS NOT NULL;
